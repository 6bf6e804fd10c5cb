package io.adjoint.examples.model;

import io.adjoint.autodiff.Tensor;
import java.util.SequencedMap;

/**
 * What stands in a file.
 *
 * @param metadata text that goes with the tensors
 * @param tensors by name, in the order of the file
 */
record Contents(SequencedMap<String, String> metadata, SequencedMap<String, Tensor> tensors) {}
