/** From traced graphs to ONNX files. Not for users. */
package io.adjoint.serialization.onnx.write;
