package io.adjoint.serialization.weights;

import java.util.List;

/**
 * A tensor as a pickle describes it: a view of a storage. Nothing of it is checked.
 *
 * @param offset of its first element in the storage
 * @param sizes outermost axis first
 * @param strides of each axis, in elements
 */
record TorchTensor(TorchStorage storage, long offset, List<Long> sizes, List<Long> strides) {}
