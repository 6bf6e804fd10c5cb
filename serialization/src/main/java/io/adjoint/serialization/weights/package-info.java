/**
 * Weights as other libraries write and read them: {@link io.adjoint.serialization.weights.SafeTensors safetensors} files,
 * NumPy's {@link io.adjoint.serialization.weights.Npy .npy} and {@link io.adjoint.serialization.weights.Npz .npz}, and
 * {@link io.adjoint.serialization.weights.PyTorchState state dicts of PyTorch}.
 *
 * {@snippet :
 * SafeTensors.save(Path.of("digits.safetensors"), model, Map.of("format", "pt"));
 * SafeTensors.load(Path.of("digits.safetensors"), again);
 *
 * try (SafeTensorsFile file = SafeTensors.open(Path.of("model.safetensors"))) {
 *     Tensor weight = file.tensor("encoder.weight");
 * }
 *
 * Tensor images = Npy.read(Path.of("images.npy"));
 * SequencedMap<String, Tensor> arrays = Npz.read(Path.of("arrays.npz"));
 * }
 *
 * As everywhere, a file is data, and whatever is wrong with one is told by a {@link
 * io.adjoint.serialization.ModelFileException}.
 */
package io.adjoint.serialization.weights;
