package io.adjoint.serialization.onnx.source;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Values as Java source, and the classes that it has to import. */
final class Literals {
    private static final int SMALL = 16;
    private static final double EXACT = 0x1p53;

    private final Set<String> imports = new TreeSet<>();

    Set<String> imports() {
        return imports;
    }

    /** The class's name as source calls it. */
    String name(Class<?> type) {
        Class<?> outer = type;
        while (outer.getEnclosingClass() != null) {
            outer = outer.getEnclosingClass();
        }
        imports.add(outer.getName());
        return type.getCanonicalName().substring(outer.getPackageName().length() + 1);
    }

    /** An attribute of an operation. */
    Text of(Object value) {
        return switch (value) {
            case Integer number -> Text.of(number);
            case Long number -> Text.of(number, "L");
            case Double number -> Text.of(number(number));
            case Boolean truth -> Text.of(truth);
            case String string -> Text.of(Escapes.literal(string));
            case Enum<?> constant -> Text.of(name(constant.getDeclaringClass()), ".", constant.name());
            case Shape shape -> Text.of(name(Shape.class), ".of(", extents(shape), ")");
            case List<?> list ->
                Text.of(name(List.class), ".of(", Text.list(list.stream().map(this::of).toList()), ")");
            case Record record -> record(record);
            default -> throw new IllegalArgumentException("no source for a " + value.getClass());
        };
    }

    /** A record as a call of its constructor. */
    Text record(Record record) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        List<Text> parts = Arrays.stream(components).map(component -> {
            try {
                return of(component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e); // operations are public, in an exported package
            }
        }).toList();
        return Text.of("new ", name(record.getClass()), "(", Text.list(parts), ")");
    }

    static Text extents(Shape shape) {
        return Text.list(Arrays.stream(shape.dims()).boxed().toList());
    }

    static String number(double value) {
        if (Double.isNaN(value)) {
            return "Double.NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
        }
        return Double.toString(value);
    }

    private static String number(float value) {
        if (Float.isNaN(value)) {
            return "Float.NaN";
        }
        if (Float.isInfinite(value)) {
            return value > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY";
        }
        return value + "f";
    }

    /** A constant; empty if it is too large to be read. */
    Optional<Text> of(Tensor tensor) {
        String tensors = name(Tensor.class);
        if (tensor.size() > 1 && isUniform(tensor)) {
            return Optional.of(Text.of(tensors, ".full(", of(tensor.shape()), ", ", of(tensor.dtype()), ", ",
                    number(tensor.reshape(-1).select(0, 0).item()), ")"));
        }
        if (tensor.rank() == 1 && tensor.size() > 1 && tensor.sameBits(Tensor.range(tensor.size()))) {
            return Optional.of(Text.of(tensors, ".range(", tensor.size(), ")"));
        }
        if (tensor.size() == 0) {
            return Optional.of(Text.of(tensors, ".zeros(", of(tensor.shape()), ", ", of(tensor.dtype()), ")"));
        }
        if (tensor.size() > SMALL) {
            return Optional.empty();
        }
        Text elements = elements(tensor);
        return Optional.of(Text.of(tensors, ".of(", elements, ", ", of(tensor.shape()), ")"));
    }

    private static boolean isUniform(Tensor tensor) {
        double value = tensor.reshape(-1).select(0, 0).item();
        return Math.abs(value) < EXACT && tensor.dtype().holds(value)
                && Tensor.full(tensor.shape(), tensor.dtype(), value).sameBits(tensor);
    }

    private Text elements(Tensor tensor) {
        return switch (tensor.dtype()) {
            case BOOL -> array("boolean", box(tensor.toBooleans()));
            case I32 -> array("int", Arrays.stream(tensor.toInts()).boxed().toList());
            case I64 -> array("long", Arrays.stream(tensor.toLongs()).mapToObj(Literals::whole).toList());
            case F32 -> {
                float[] values = tensor.toFloats();
                List<String> texts = new ArrayList<>();
                for (float value : values) {
                    texts.add(number(value));
                }
                yield array("float", texts);
            }
            case F64 -> array("double", Arrays.stream(tensor.toDoubles()).mapToObj(Literals::number).toList());
        };
    }

    private static Text whole(long value) {
        return value == (int) value ? Text.of(value) : Text.of(value + "L");
    }

    private static List<Boolean> box(boolean[] values) {
        List<Boolean> boxed = new ArrayList<>();
        for (boolean value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    private static Text array(String type, List<?> elements) {
        return Text.of("new ", type, "[] {", Text.list(elements), "}");
    }
}
