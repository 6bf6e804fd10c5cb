package io.adjoint.optim.metric;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;

/** How a prediction names a class. */
public sealed interface Decision {
    /** Labels of a prediction: of integers they are these themselves. */
    Tensor labels(Tensor prediction);

    /** The class with the greatest score: {@code [..., classes] -> [...]}; the first of equals. */
    static Decision greatest() {
        return new Greatest();
    }

    /** Class 1 where a score is at least this, such as 0.5 for probabilities and 0 for logits, else class 0: {@code [...] -> [...]}. */
    static Decision threshold(double least) {
        return new Threshold(least);
    }

    /** See {@link #greatest}. */
    record Greatest() implements Decision {
        @Override
        public Tensor labels(Tensor prediction) {
            if (prediction.dtype().isFloat() && (prediction.rank() == 0 || prediction.dim(-1) == 0)) {
                throw ShapeException.of("decision", "no classes").operand("prediction", prediction.spec())
                        .expected("[..., classes]");
            }
            return prediction.dtype().isFloat() ? prediction.detached().argmax(-1) : prediction.cast(DType.I64);
        }
    }

    /**
     * See {@link #threshold}.
     *
     * @param least score of class 1
     */
    record Threshold(double least) implements Decision {
        @Override
        public Tensor labels(Tensor prediction) {
            return prediction.dtype().isFloat() ? prediction.detached().cast(DType.F64).ge(least).cast(DType.I64)
                    : prediction.cast(DType.I64);
        }
    }
}
