/**
 * Probability distributions with tensors as parameters: densities and distribution functions, samples through which gradients
 * flow, moments, entropies and divergences.
 *
 * {@snippet :
 * Normal posterior = new Normal(encoder.forward(x), deviation.forward(x).softplus());
 * Tensor z = posterior.sample(rng);
 * Tensor bound = new Bernoulli(decoder.forward(z)).logProb(x).sum(-1)
 *         .sub(posterior.kl(new Normal(Tensor.zeros(), Tensor.ones())).sum(-1));
 * }
 *
 * A {@link io.adjoint.nn.probability.Distribution} is a record of its parameters. Functions between distributions are {@link
 * io.adjoint.nn.probability.Bijectors}.
 */
package io.adjoint.nn.probability;
