/**
 * Transformations to build chains of: clipping, averaging, noise, groups of parameters, projections.
 *
 * {@snippet :
 * Chain.of(new ClipByGlobalNorm(1), AdamW.of(3e-4), WeightAverage.exponential(0.999)).over(model)
 * }
 */
package io.adjoint.optim.transform;
