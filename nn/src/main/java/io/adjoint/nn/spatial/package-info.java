/**
 * Layers of images, sequences and volumes: convolutions, pools, padding, resizing. One class serves one, two and three
 * spatial axes; how many there are follows from the numbers that it is given.
 *
 * {@snippet :
 * Rng rng = Rng.seed(1);
 * Sequential lenet = Sequential.of(
 *         Convolution.Config.of(1, 6, 5, 5).withPadding(2).create(rng.stream(0)), Activation.RELU, MaxPool.of(2, 2),
 *         Convolution.Config.of(6, 16, 5, 5).create(rng.stream(1)), Activation.RELU, MaxPool.of(2, 2),
 *         Flatten.examples(), Linear.of(400, 10, rng.stream(2)));
 * }
 *
 * Images are {@code [batch, channels, extents...]}, or {@code [channels, extents...]} for one image; the extents are a length
 * for one axis, height and width for two, depth, height and width for three. A list of settings holds one number for all
 * axes, or one for each, outermost first.
 *
 * <table>
 * <caption>Classes of {@code torch.nn}, and what they are called here</caption>
 * <tr><td>Conv1d, Conv2d, Conv3d</td><td>{@link io.adjoint.nn.spatial.Convolution}</td></tr>
 * <tr><td>ConvTranspose1d, 2d, 3d</td><td>{@link io.adjoint.nn.spatial.TransposedConvolution}</td></tr>
 * <tr><td>MaxPool1d, 2d, 3d</td><td>{@link io.adjoint.nn.spatial.MaxPool}</td></tr>
 * <tr><td>MaxUnpool1d, 2d, 3d</td><td>{@link io.adjoint.nn.spatial.MaxUnpool}</td></tr>
 * <tr><td>AvgPool1d, 2d, 3d</td><td>{@link io.adjoint.nn.spatial.AveragePool}</td></tr>
 * <tr><td>LPPool1d, 2d</td><td>{@link io.adjoint.nn.spatial.LpPool}</td></tr>
 * <tr><td>AdaptiveMaxPool1d, 2d, 3d</td><td>{@link io.adjoint.nn.spatial.AdaptiveMaxPool}</td></tr>
 * <tr><td>AdaptiveAvgPool1d, 2d, 3d</td><td>{@link io.adjoint.nn.spatial.AdaptiveAveragePool}</td></tr>
 * <tr><td>FractionalMaxPool2d, 3d</td><td>{@link io.adjoint.nn.spatial.FractionalMaxPool}</td></tr>
 * <tr><td>ZeroPad2d, ConstantPad1d, 2d, 3d, ReflectionPad1d, 2d, 3d, ReplicationPad1d, 2d, 3d, CircularPad1d, 2d, 3d</td>
 * <td>{@link io.adjoint.nn.spatial.Pad}</td></tr>
 * <tr><td>Upsample, UpsamplingNearest2d, UpsamplingBilinear2d</td><td>{@link io.adjoint.nn.spatial.Upsample}</td></tr>
 * <tr><td>PixelShuffle, PixelUnshuffle</td><td>{@link io.adjoint.nn.spatial.PixelShuffle}, {@link
 * io.adjoint.nn.spatial.PixelUnshuffle}</td></tr>
 * <tr><td>ChannelShuffle</td><td>{@link io.adjoint.nn.spatial.ChannelShuffle}</td></tr>
 * <tr><td>Fold, Unfold</td><td>{@link io.adjoint.nn.spatial.Fold}, {@link io.adjoint.nn.spatial.Unfold}</td></tr>
 * <tr><td>LocalResponseNorm</td><td>{@link io.adjoint.nn.spatial.LocalResponseNorm}</td></tr>
 * <tr><td>Flatten, Unflatten</td><td>{@link io.adjoint.nn.Flatten}, {@link io.adjoint.nn.Unflatten}</td></tr>
 * </table>
 */
package io.adjoint.nn.spatial;
