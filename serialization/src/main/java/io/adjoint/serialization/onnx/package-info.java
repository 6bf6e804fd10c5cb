/**
 * ONNX models in and out.
 *
 * {@snippet :
 * OnnxModel model = Onnx.load(Path.of("classifier.onnx"));
 * Tensor logits = model.forward(x);
 * }
 */
package io.adjoint.serialization.onnx;
