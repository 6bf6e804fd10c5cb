package io.adjoint.serialization.weights;

import io.adjoint.serialization.file.StoredType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a pickle may name: the few functions that put tensors together, and names that are plain data. */
sealed interface TorchGlobal {
    /** A function, which here only puts a description together. */
    enum Function implements TorchGlobal {
        ORDERED_DICT, SIZE, TENSOR, PARAMETER, TYPE_TAG
    }

    /** What the elements of a storage are. */
    record Storage(StoredType type) implements TorchGlobal {}

    /** The name of a dtype. */
    record Dtype(String name) implements TorchGlobal {}

    Map<String, Function> FUNCTIONS = Map.of("collections.OrderedDict", Function.ORDERED_DICT, "torch.Size",
            Function.SIZE, "torch._utils._rebuild_tensor_v2", Function.TENSOR, "torch._utils._rebuild_parameter",
            Function.PARAMETER, "torch.jit._pickle.restore_type_tag", Function.TYPE_TAG);

    Map<String, StoredType> STORAGES = Map.of("torch.BoolStorage", StoredType.BOOL, "torch.CharStorage", StoredType.I8,
            "torch.ByteStorage", StoredType.U8, "torch.ShortStorage", StoredType.I16, "torch.IntStorage",
            StoredType.I32,
            "torch.LongStorage", StoredType.I64, "torch.HalfStorage", StoredType.F16, "torch.BFloat16Storage",
            StoredType.BF16, "torch.FloatStorage", StoredType.F32, "torch.DoubleStorage", StoredType.F64);

    Set<String> DTYPES = Set.of("torch.float16", "torch.bfloat16", "torch.float32", "torch.float64", "torch.bool",
            "torch.uint8", "torch.int8", "torch.int16", "torch.int32", "torch.int64", "torch.complex64",
            "torch.complex128");

    /** What a name stands for; empty for all that this reader does not know, and would not run if it did. */
    static Optional<TorchGlobal> of(String name) {
        return Optional.<TorchGlobal>ofNullable(FUNCTIONS.get(name))
                .or(() -> Optional.ofNullable(STORAGES.get(name)).map(Storage::new))
                .or(() -> Optional.of(name).filter(DTYPES::contains).map(Dtype::new));
    }
}
