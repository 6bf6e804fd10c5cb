/**
 * Neural networks: models as trees of variables, and the layers and initialisers to build them from.
 *
 * {@snippet :
 * Rng rng = Rng.seed(1);
 * Sequential model = Sequential.of(
 *         Linear.of(64, 128, rng.stream(0)), Activation.RELU,
 *         Dropout.of(0.1, rng.stream(1)), Linear.of(128, 10, rng.stream(2)));
 * Tensor probabilities = model.forward(pixels).softmax(-1);
 * }
 *
 * A {@link io.adjoint.nn.Module} is a node of the parameter tree, a {@link io.adjoint.nn.Layer} a module that is a function
 * of one tensor. A model of one's own is a record of layers. Randomness is an argument of construction: the same key gives
 * the same model. Whether a model trains is not its state but a {@link io.adjoint.autodiff.Training} scope around the call.
 *
 * <p>What can be done with whole models: {@link io.adjoint.nn.Selection} names some of their variables, for an optimizer that
 * leaves the others frozen or for a checkpoint of a part; {@link io.adjoint.nn.Models} copies, averages and exchanges parts;
 * {@link io.adjoint.nn.Captures} looks at what parts compute; {@link io.adjoint.nn.Summary} says what they cost.
 */
package io.adjoint.nn;
