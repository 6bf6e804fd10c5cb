/**
 * Training: optimizers as chains of gradient transformations, and schedules. Data are in {@link io.adjoint.optim.data},
 * metrics in {@link io.adjoint.optim.metric}.
 *
 * {@snippet :
 * Split<Dataset> data = Dataset.of(features, labels, 3).split(0.2, Rng.seed(1));
 * Batches batches = data.training().batches(32, Rng.seed(2));
 * Optimizer optimizer = Sgd.of(0.1).withMomentum(0.9).over(model);
 * for (int epoch = 0; epoch < 20; epoch++) {
 *     for (Batch batch : batches.epoch(epoch)) {
 *         optimizer.minimize(() -> Losses.crossEntropy(model.forward(batch.features()), batch.targets()));
 *     }
 * }
 * }
 *
 * A named optimizer such as {@link io.adjoint.optim.Sgd} is a {@link io.adjoint.optim.Chain} of
 * {@link io.adjoint.optim.Transformation transformations}; {@code over(model)} gives it state. More of them are in
 * {@code io.adjoint.optim.transform}, schedules in {@code io.adjoint.optim.schedule}. To write a new
 * transformation, write the rule of one parameter: {@link io.adjoint.optim.PerParameter}.
 */
package io.adjoint.optim;
