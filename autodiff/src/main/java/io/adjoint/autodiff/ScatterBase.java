package io.adjoint.autodiff;

/** Whether what was there before counts in a reduction by {@link ScatterMethods#scatterReduce}: {@code include_self} in PyTorch. */
public enum ScatterBase {
    /** It is one of the elements that are reduced. */
    INCLUDED,
    /** It counts only where the index does not name its place. */
    EXCLUDED
}
