/** From traced graphs to Java source. */
package io.adjoint.serialization.onnx.source;
