package io.adjoint.serialization.weights;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.file.StoredType;
import java.nio.ByteOrder;
import java.util.Map;

/** A dtype as numpy writes it, such as {@code <f4}: byte order, kind, bytes. */
record NpyType(StoredType type, ByteOrder order) {
    private static final Map<String, StoredType> TYPES = Map.ofEntries(Map.entry("b1", StoredType.BOOL),
            Map.entry("i1", StoredType.I8), Map.entry("i2", StoredType.I16), Map.entry("i4", StoredType.I32),
            Map.entry("i8", StoredType.I64), Map.entry("u1", StoredType.U8), Map.entry("u2", StoredType.U16),
            Map.entry("u4", StoredType.U32), Map.entry("u8", StoredType.U64), Map.entry("f2", StoredType.F16),
            Map.entry("f4", StoredType.F32), Map.entry("f8", StoredType.F64));
    private static final String REMEDY = "store it as one of b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4 and f8";

    /** @throws ModelFileException if there is no dtype of ours for it */
    static NpyType parse(String descr, Source source) {
        char order = descr.isEmpty() ? '?' : descr.charAt(0);
        StoredType type = descr.isEmpty() ? null : TYPES.get(descr.substring(1));
        boolean ordered = order == '<' || order == '>' || order == '|' && type != null && type.bytes() == 1;
        if (type == null || !ordered) {
            throw source.refused("its elements are " + kind(descr) + " (dtype " + Names.quote(descr)
                    + "), which are not read here", REMEDY);
        }
        return new NpyType(type, order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    /** Several values for each element. */
    static ModelFileException records(Source source) {
        return source.refused("its elements are records, which are not read here", REMEDY);
    }

    private static String kind(String descr) {
        return switch (descr.length() < 2 ? '?' : descr.charAt(1)) {
            case 'O' -> "Python objects";
            case 'U', 'S', 'a' -> "text";
            case 'c' -> "complex numbers";
            case 'M', 'm' -> "times";
            case 'V' -> "raw bytes";
            default -> "of another kind";
        };
    }

    static String descr(StoredType type) {
        String name = TYPES.entrySet().stream().filter(entry -> entry.getValue() == type).findAny().orElseThrow()
                .getKey();
        return (type.bytes() == 1 ? "|" : "<") + name;
    }
}
