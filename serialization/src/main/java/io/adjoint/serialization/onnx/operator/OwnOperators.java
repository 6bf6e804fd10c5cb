package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.BesselI;
import io.adjoint.autodiff.op.BinomialCounts;
import io.adjoint.autodiff.op.Cholesky;
import io.adjoint.autodiff.op.Cofactors;
import io.adjoint.autodiff.op.EighFactors;
import io.adjoint.autodiff.op.GammaSlope;
import io.adjoint.autodiff.op.IncompleteBeta;
import io.adjoint.autodiff.op.IncompleteGamma;
import io.adjoint.autodiff.op.LogDet;
import io.adjoint.autodiff.op.LogGammaQuantile;
import io.adjoint.autodiff.op.MatrixExp;
import io.adjoint.autodiff.op.Normal;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.PoissonCounts;
import io.adjoint.autodiff.op.Polygamma;
import io.adjoint.autodiff.op.PseudoInverse;
import io.adjoint.autodiff.op.QrFactors;
import io.adjoint.autodiff.op.RandomOp;
import io.adjoint.autodiff.op.SincDerivative;
import io.adjoint.autodiff.op.Solve;
import io.adjoint.autodiff.op.SvdFactors;
import io.adjoint.autodiff.op.TriangularSolve;
import io.adjoint.autodiff.op.Unary;
import io.adjoint.autodiff.op.Uniform;
import io.adjoint.serialization.onnx.graph.Attributes;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * Operations that are long computations in ONNX: a model calls them as functions of a domain of their own, which it brings along
 * for other programs. Here they are read as the operations that they were, whatever the function says, so that their gradients,
 * their bits and what compiles are as before. An operator has the name of the record, and its components as attributes.
 */
public final class OwnOperators {
    /** Of their names. */
    public static final String DOMAIN = "adjoint";

    private static final List<Class<? extends Record>> RECORDS = List.of(Polygamma.class, BesselI.class,
            SincDerivative.class, IncompleteGamma.class, GammaSlope.class, IncompleteBeta.class, LogGammaQuantile.class,
            Uniform.class, Normal.class, PoissonCounts.class, BinomialCounts.class, Solve.class, TriangularSolve.class,
            Cholesky.class, Cofactors.class, LogDet.class, QrFactors.class, EighFactors.class, SvdFactors.class,
            PseudoInverse.class, MatrixExp.class);

    private static final Map<Unary, String> CONSTANTS =
            Map.of(Unary.LGAMMA, "LogGamma", Unary.DIGAMMA, "Digamma", Unary.I0, "BesselI0",
                    Unary.GELU_SLOPE, "GeluSlope");

    /** Of random numbers: state, so what is drawn from it is not known when a graph is traced. */
    private static final int KEY = 0;

    /** Where a shape is given, which decides what is computed. */
    private static final int SIZE = 1;

    /** What follows a name where there are several functions of it. */
    private static final char VARIANT = '_';

    private OwnOperators() {}

    /** What an attribute says. */
    public sealed interface Setting {
        /** A number, or 1 for what is so and 0 for what is not. */
        record Whole(int value) implements Setting {}

        /** A choice, or a number that needs more than single precision. */
        record Text(String value) implements Setting {}
    }

    /**
     * How a model calls an operation.
     *
     * @param name of the operator
     * @param attributes by name
     * @param size the shape of the result, where that is an input behind the others
     */
    public record Form(String name, SequencedMap<String, Setting> attributes, Optional<Shape> size) {}

    /** Of an operation that is called as a function. */
    public static Optional<Form> of(Op op) {
        return op instanceof Record record && RECORDS.contains(record.getClass()) ? Optional.of(form(record))
                : op instanceof Unary unary ? Optional.ofNullable(CONSTANTS.get(unary))
                        .map(name -> new Form(name, new LinkedHashMap<>(), Optional.empty()))
                : Optional.empty();
    }

    private static Form form(Record op) {
        SequencedMap<String, Setting> attributes = new LinkedHashMap<>();
        Optional<Shape> size = Optional.empty();
        for (RecordComponent component : op.getClass().getRecordComponents()) {
            switch (value(component, op)) {
                case Shape shape -> size = Optional.of(shape);
                case Integer number -> attributes.put(component.getName(), new Setting.Whole(number));
                case Boolean truth -> attributes.put(component.getName(), new Setting.Whole(truth ? 1 : 0));
                case Double number -> attributes.put(component.getName(), new Setting.Text(number.toString()));
                case Enum<?> choice -> attributes.put(component.getName(), new Setting.Text(text(choice)));
                case Object other -> throw new AssertionError(component + " has no form as " + other.getClass());
            }
        }
        return new Form(op.getClass().getSimpleName(), attributes, size);
    }

    private static Object value(RecordComponent component, Record op) {
        try {
            return component.getAccessor().invoke(op);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e); // operations are public, in an exported package
        }
    }

    static void addTo(OperatorTable table) {
        CONSTANTS.forEach((op, name) -> table.value(DOMAIN + "." + name, call -> Value.of(op.apply(call.tensor(0)))));
        for (Class<? extends Record> type : RECORDS) {
            OperatorTable.Entry entry = table.value(DOMAIN + "." + type.getSimpleName(), call -> {
                Op op = (Op) op(type, call);
                return Value.of(op.apply(inputs(op, call)));
            });
            if (RandomOp.class.isAssignableFrom(type)) {
                entry.buffers(KEY);
            }
            if (Arrays.stream(type.getRecordComponents()).anyMatch(part -> part.getType() == Shape.class)) {
                entry.knows(SIZE);
            }
        }
    }

    private static Record op(Class<? extends Record> type, Call call) {
        RecordComponent[] parts = type.getRecordComponents();
        try {
            return type.getConstructor(Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new))
                    .newInstance(Arrays.stream(parts).map(part -> part(part, call)).toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ShapeException refusal) {
                throw refusal;
            }
            throw new AssertionError(e);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Object part(RecordComponent part, Call call) {
        Attributes attributes = call.attributes();
        String name = part.getName();
        if (part.getType() == Shape.class) {
            return Shape.of(call.integers(SIZE));
        }
        if (!attributes.has(name)) {
            throw call.missing(name);
        }
        return part.getType() == int.class ? (Object) attributes.integer(name, 0)
                : part.getType() == boolean.class ? (Object) attributes.flag(name)
                : part.getType() == double.class ? (Object) number(call, name)
                : choice(call, name, part.getType().getEnumConstants());
    }

    private static double number(Call call, String name) {
        String text = call.attributes().text(name, "");
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw call.refusal("not a number").operand(name, text).expected("a number");
        }
    }

    private static Object choice(Call call, String name, Object[] choices) {
        String text = call.attributes().text(name, "");
        return Arrays.stream(choices).filter(each -> text((Enum<?>) each).equals(text)).findFirst()
                .orElseThrow(() -> call.refusal("not a choice").operand(name, text)
                        .expected(Arrays.toString(choices).toLowerCase(Locale.ROOT)));
    }

    private static String text(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /** What follows them is for the function: extents of the batch. */
    private static Tensor[] inputs(Op op, Call call) {
        return IntStream.range(0, op.arity().least()).mapToObj(call::tensor).toArray(Tensor[]::new);
    }

    /** The operator that a node of the domain calls: several functions of it are told apart by numbers. */
    public static Optional<OperatorTable.Entry> find(String domain, String name) {
        if (!domain.equals(DOMAIN)) {
            return Optional.empty();
        }
        String base = name.replaceFirst(VARIANT + "[0-9]+$", "");
        return OperatorTable.STANDARD.find(DOMAIN + "." + base);
    }

    /** The name of another function of the operator. */
    public static String variant(String name, int number) {
        return name + VARIANT + number;
    }
}
