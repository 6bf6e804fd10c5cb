/**
 * Losses with their options, as values to hand on: a record for each, whose {@code standard()} has the defaults of PyTorch
 * where it knows the loss, and whose {@code with...} methods change one option.
 *
 * {@snippet :
 * Loss loss = CrossEntropyLoss.standard().withSmoothing(0.1);
 * optimizer.minimize(() -> loss.of(model.forward(x), labels));
 * }
 *
 * The mathematics are the functions of {@code io.adjoint.autodiff.function} that each of them names; they may as well be
 * called directly. All have gradients by every float tensor that they take.
 */
package io.adjoint.nn.loss;
