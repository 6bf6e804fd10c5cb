/** Operations that imported models need beside those of the library; source that is written for a model names them. */
package io.adjoint.serialization.onnx.op;
