/**
 * Weights as other libraries write and read them: {@link io.adjoint.serialization.weights.SafeTensors safetensors} files.
 */
package io.adjoint.serialization.weights;
