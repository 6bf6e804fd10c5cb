/**
 * Layers that normalise: batch, layer, group and instance normalisation and the root mean square, which bring what they
 * are given to mean 0 and variance 1, or to a mean square of 1; and weight and spectral normalisation, which do something
 * similar to the weight of another layer.
 *
 * {@snippet :
 * Sequential.of(Linear.of(64, 128, rng.stream(0)), BatchNorm.of1d(128), Activation.RELU,
 *         SpectralNorm.of(Linear.of(128, 10, rng.stream(1)), rng.stream(2)));
 * }
 *
 * Nothing about them is random except the first vectors of {@link io.adjoint.nn.norm.SpectralNorm}. Running statistics are
 * buffers, which change only inside a {@link io.adjoint.autodiff.Training} scope.
 */
package io.adjoint.nn.norm;
