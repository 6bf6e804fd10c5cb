/**
 * The operations, each with its shape rule, numerics, gradient rule, name, formula and sample inputs in one place.
 *
 * <p>{@link io.adjoint.autodiff.op.Op} is sealed by kind: elementwise operations are enum constants whose numerics are one
 * expression, structural ones a record each. {@link io.adjoint.autodiff.op.Catalogue} reads the whole list off the sealed
 * types. The methods of {@code Tensor} are the usual way to apply them.
 *
 * <p>User code adds an operation by implementing {@link io.adjoint.autodiff.op.Custom}:
 *
 * {@snippet :
 * record Cube() implements Custom {
 *     public String id() { return "cube"; }
 *     public TensorSpec infer(List<TensorSpec> inputs) { return inputs.getFirst(); }
 *     public Tensor compute(List<Tensor> inputs) { return inputs.getFirst().pow(3); }
 *     public Gradient gradient() {
 *         return Gradient.of(Partial.reading(0, v -> v.cotangent().mul(v.input(0).square().mul(3))));
 *     }
 * }
 * Tensor y = new Cube().apply(x);
 * }
 */
package io.adjoint.autodiff.op;
