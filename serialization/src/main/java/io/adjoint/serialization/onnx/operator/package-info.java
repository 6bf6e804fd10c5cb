/** The operators of ONNX, by family, as compositions of the library's own. */
package io.adjoint.serialization.onnx.operator;
