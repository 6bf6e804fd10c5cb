package io.adjoint.autodiff;

/** What {@link ScatterMethods#scatterReduce} makes of the elements that go to one place. */
public enum ScatterReduction {
    /** Their sum. */
    SUM,
    /** Their product. */
    PROD,
    /** Their mean; of integers rounded down. */
    MEAN,
    /** The greatest: {@code amax}; equals share the gradient evenly. */
    MAX,
    /** The least: {@code amin}; equals share the gradient evenly. */
    MIN
}
