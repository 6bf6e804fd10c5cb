/**
 * Ready-made {@link io.adjoint.optim.Schedule schedules}, with the values of those in {@code torch.optim.lr_scheduler}. They
 * count steps from 0; {@link io.adjoint.optim.Schedule#perEpoch} makes them count epochs. A schedule cycles a momentum as well
 * as a rate.
 *
 * {@snippet :
 * Sgd.of(new OneCycle(0.004, 0.1, 4e-7, 1000))
 *         .withMomentum(Momentum.of(new OneCycle(0.95, 0.85, 0.95, 1000)))
 * }
 */
package io.adjoint.optim.schedule;
