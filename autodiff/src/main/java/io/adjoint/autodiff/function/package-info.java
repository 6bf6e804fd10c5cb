/**
 * Functions of tensors beyond the methods of {@link io.adjoint.autodiff.Tensor}: losses, convolution, pooling, normalisation,
 * linear algebra, and others, a class for each family. They have no parameters of their own and keep nothing; layers of
 * {@code io.adjoint.nn} hold the parameters and call these.
 *
 * <p>Most are compositions of operations, so they carry no gradient rule and are differentiable as often as one likes.
 */
package io.adjoint.autodiff.function;
