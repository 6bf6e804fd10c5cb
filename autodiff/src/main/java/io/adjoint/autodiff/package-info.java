/**
 * Tensors that remember how they were computed, and the gradients that follow from it.
 *
 * <p>An operation on {@link io.adjoint.autodiff.Tensor tensors} computes at once. If one of its inputs is <em>tracked</em>,
 * the result is tracked as well: it knows the operation and the inputs it came from. A walk back along these steps, from a
 * scalar to the tensors it was computed from, multiplies each step's <em>cotangent</em> (the gradient of the scalar by the
 * step's result) with the step's Jacobian: reverse-mode differentiation.
 *
 * {@snippet :
 * Tensor x = Tensor.of(new float[] {1, 2, 3}).tracked();
 * Tensor loss = x.square().sum();
 * Tensor gradient = loss.gradients(x).of(x); // [2., 4., 6.]
 * }
 *
 * <p>What a model learns lives in a {@link io.adjoint.autodiff.Variable}, whose value is tracked inside a
 * {@link io.adjoint.autodiff.Training} scope and a constant outside. {@link io.adjoint.autodiff.Transforms} makes gradients,
 * Jacobians and Hessians of functions; {@link io.adjoint.autodiff.Rng} makes random numbers without hidden state.
 *
 * <p>Results have the same bits on every machine, with any number of threads, vectorised or not.
 */
package io.adjoint.autodiff;
