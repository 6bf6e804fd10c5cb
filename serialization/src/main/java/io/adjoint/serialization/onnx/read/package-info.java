/** From the messages of a file to graphs that run. */
package io.adjoint.serialization.onnx.read;
