/** A model as it runs: graphs of nodes, the values between them, and what an operator sees of its node. */
package io.adjoint.serialization.onnx.graph;
