package io.adjoint.serialization.weights;

import io.adjoint.serialization.file.StoredType;

/**
 * The memory of tensors, as a pickle names it.
 *
 * @param key of the entry with its bytes
 * @param elements how many it claims to have
 */
record TorchStorage(StoredType type, String key, long elements) {}
