package io.adjoint.serialization.weights;

import io.adjoint.serialization.weights.TorchGlobal.Function;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What calls in a pickle come to: descriptions of storages and tensors. */
final class TorchCalls {
    private static final int MAX_RANK = 64;

    private final PickleInput input;

    TorchCalls(PickleInput input) {
        this.input = input;
    }

    /** A storage, from {@code ("storage", type, key, device, elements)}. */
    TorchStorage storage(Object id) {
        if (id instanceof List<?> parts && parts.size() == 5 && "storage".equals(parts.get(0))
                && parts.get(1) instanceof TorchGlobal.Storage type && parts.get(2) instanceof String key
                && parts.get(4) instanceof Long elements) {
            return new TorchStorage(type.type(), key, elements);
        }
        throw input.damaged("a storage is not described as it should be");
    }

    Object call(Object function, Object arguments) {
        if (!(function instanceof Function known) || !(arguments instanceof List<?> given)) {
            throw input.damaged("it calls what is no function");
        }
        return switch (known) {
            case ORDERED_DICT -> orderedDict(given);
            case SIZE -> size(given);
            case TENSOR -> tensor(given);
            case PARAMETER -> parameter(given);
            case TYPE_TAG -> tagged(given);
        };
    }

    private Map<Object, Object> orderedDict(List<?> arguments) {
        if (!arguments.isEmpty()) {
            throw input.damaged("an OrderedDict has " + arguments.size() + " arguments where it should have none");
        }
        return new LinkedHashMap<>();
    }

    private List<?> size(List<?> arguments) {
        if (arguments.size() == 1 && arguments.getFirst() instanceof List<?> extents) {
            return extents;
        }
        throw input.damaged("a torch.Size is not described as it should be");
    }

    /** From {@code (storage, offset, sizes, strides, requires_grad, hooks)}, and perhaps marks such as that of a conjugate. */
    private TorchTensor tensor(List<?> arguments) {
        if (arguments.size() == 7 && !(arguments.get(6) instanceof Map<?, ?> marks && marks.isEmpty())) {
            throw input.damaged("a tensor is marked as negated or conjugated");
        }
        if ((arguments.size() == 6 || arguments.size() == 7) && arguments.get(0) instanceof TorchStorage storage
                && arguments.get(1) instanceof Long offset && arguments.get(2) instanceof List<?> sizes
                && arguments.get(3) instanceof List<?> strides) {
            return new TorchTensor(storage, offset, numbers(sizes), numbers(strides));
        }
        throw input.damaged("a tensor is not described as it should be");
    }

    /** The same list: a pickle can describe many tensors by one, and a list that may still grow is none of numbers. */
    @SuppressWarnings("unchecked") // each element is looked at
    private List<Long> numbers(List<?> values) {
        if (values.size() > MAX_RANK) {
            throw input.damaged("a tensor has " + values.size() + " axes, more than " + MAX_RANK);
        }
        if (values instanceof ArrayList || !values.stream().allMatch(Long.class::isInstance)) {
            throw input.damaged("the extents of a tensor are no numbers");
        }
        return (List<Long>) values;
    }

    /** From {@code (tensor, requires_grad, hooks)}. */
    private TorchTensor parameter(List<?> arguments) {
        if (arguments.size() == 3 && arguments.getFirst() instanceof TorchTensor tensor) {
            return tensor;
        }
        throw input.damaged("a parameter is not described as it should be");
    }

    /** From {@code (container, type)}: libtorch says of what type a container's values are. */
    private Object tagged(List<?> arguments) {
        if (arguments.size() == 2 && (arguments.getFirst() instanceof Map || arguments.getFirst() instanceof List)) {
            return arguments.getFirst();
        }
        throw input.damaged("a typed container is not described as it should be");
    }
}
