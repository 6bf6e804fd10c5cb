package io.adjoint.nn.attention;

/** Where a block of a transformer normalises. */
public enum NormPlacement {
    /** {@code norm(x + f(x))}, as in the paper and by default in PyTorch. */
    AFTER,
    /** {@code x + f(norm(x))}, which trains more easily (Xiong et al. 2020); PyTorch's {@code norm_first}. */
    BEFORE
}
