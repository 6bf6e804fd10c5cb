/**
 * Files for TensorBoard. {@link io.adjoint.serialization.tensorboard.TensorBoard} shows a training of the
 * {@link io.adjoint.optim.train.Trainer}; {@link io.adjoint.serialization.tensorboard.EventFile} takes curves, histograms, images, texts
 * and graphs from anywhere, and reads files back as {@link io.adjoint.serialization.tensorboard.LoggedEvent}s. Nothing of TensorBoard is
 * needed to write them; to look at them, {@code tensorboard --logdir FOLDER}.
 */
package io.adjoint.serialization.tensorboard;
