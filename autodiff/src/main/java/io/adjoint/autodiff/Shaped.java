package io.adjoint.autodiff;

/** What the families of methods know of the tensor that they belong to. */
sealed interface Shaped permits ElementwiseMethods, ArithmeticMethods, ComparisonMethods, SpecialMethods,
        ActivationMethods, RectifierMethods, ReductionMethods, ExtremeMethods, StatisticsMethods, NormMethods,
        ScanMethods, ArrangementMethods, SplittingMethods, DiagonalMethods,
        RepetitionMethods, IndexingMethods, ScatterMethods, MaskingMethods, SortingMethods, ProductMethods,
        AddedProductMethods, WindowMethods {
    DType dtype();

    Shape shape();

    TensorSpec spec();

    int rank();

    int size();

    int dim(int axis);
}
