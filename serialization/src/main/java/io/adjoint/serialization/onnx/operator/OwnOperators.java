package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
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
import io.adjoint.autodiff.op.IncompleteGamma.Tail;
import io.adjoint.autodiff.op.LogDet;
import io.adjoint.autodiff.op.LogGammaQuantile;
import io.adjoint.autodiff.op.MatrixExp;
import io.adjoint.autodiff.op.Normal;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.PoissonCounts;
import io.adjoint.autodiff.op.Polygamma;
import io.adjoint.autodiff.op.PseudoInverse;
import io.adjoint.autodiff.op.QrFactors;
import io.adjoint.autodiff.op.SincDerivative;
import io.adjoint.autodiff.op.Solve;
import io.adjoint.autodiff.op.SvdFactors;
import io.adjoint.autodiff.op.TriangularSolve;
import io.adjoint.autodiff.op.Unary;
import io.adjoint.autodiff.op.Uniform;
import io.adjoint.serialization.onnx.graph.Attributes;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Operations that are long computations in ONNX: a model calls them as functions of a domain of their own, which it brings along
 * for other programs. Here they are read as the operations that they were, whatever the function says, so that their gradients,
 * their bits and what compiles are as before.
 */
public final class OwnOperators {
    /** Of their names. */
    public static final String DOMAIN = "adjoint";

    /** Of random numbers: state, so what is drawn from it is not known when a graph is traced. */
    private static final int KEY = 0;

    private static final String DTYPE = "dtype";
    private static final String ORDER = "order";
    private static final String TAIL = "tail";
    private static final String FIRST = "first";
    private static final String SECOND = "second";
    private static final String TRANSPOSED = "transposed";
    private static final String SINGULAR = "singular";
    private static final String LOWER = "lower";
    private static final String UNIT = "unit";
    private static final String TOLERANCE = "tolerance";

    /** What follows a name where functions for several shapes have it. */
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
    public record Form(String name, SequencedMap<String, Setting> attributes, Optional<Shape> size) {
        private static Form of(String name) {
            return new Form(name, new LinkedHashMap<>(), Optional.empty());
        }

        private static Form sized(String name, Shape size) {
            return new Form(name, new LinkedHashMap<>(), Optional.of(size));
        }

        private Form with(String attribute, Setting setting) {
            SequencedMap<String, Setting> more = new LinkedHashMap<>(attributes);
            more.put(attribute, setting);
            return new Form(name, more, size);
        }

        private Form with(String attribute, int value) {
            return with(attribute, new Setting.Whole(value));
        }

        private Form with(String attribute, boolean value) {
            return with(attribute, value ? 1 : 0);
        }

        private Form with(String attribute, Enum<?> value) {
            return with(attribute, value.name().toLowerCase(Locale.ROOT));
        }

        private Form with(String attribute, String value) {
            return with(attribute, new Setting.Text(value));
        }
    }

    /** Of an operation that is called as a function. */
    public static Optional<Form> of(Op op) {
        return Optional.ofNullable(switch (op) {
            case Unary.LGAMMA -> Form.of("LogGamma");
            case Unary.DIGAMMA -> Form.of("Digamma");
            case Polygamma(int order) -> Form.of("Polygamma").with(ORDER, order);
            case Unary.I0 -> Form.of("BesselI").with(ORDER, 0);
            case BesselI(int order) -> Form.of("BesselI").with(ORDER, order);
            case SincDerivative(int order) -> Form.of("SincDerivative").with(ORDER, order);
            case IncompleteGamma(Tail tail, int order) ->
                Form.of("IncompleteGamma").with(TAIL, tail).with(ORDER, order);
            case GammaSlope(int order) -> Form.of("GammaSlope").with(ORDER, order);
            case IncompleteBeta(int first, int second) ->
                Form.of("IncompleteBeta").with(FIRST, first).with(SECOND, second);
            case LogGammaQuantile() -> Form.of("LogGammaQuantile");
            case Uniform(Shape shape, DType dtype) -> Form.sized("Uniform", shape).with(DTYPE, dtype);
            case Normal(Shape shape, DType dtype) -> Form.sized("Normal", shape).with(DTYPE, dtype);
            case PoissonCounts() -> Form.of("PoissonCounts");
            case BinomialCounts() -> Form.of("BinomialCounts");
            case Solve(boolean transposed, Solve.Singular singular) ->
                Form.of("Solve").with(TRANSPOSED, transposed).with(SINGULAR, singular);
            case TriangularSolve(boolean lower, boolean transposed, boolean unit) ->
                Form.of("TriangularSolve").with(LOWER, lower).with(TRANSPOSED, transposed).with(UNIT, unit);
            case Cholesky() -> Form.of("Cholesky");
            case Cofactors() -> Form.of("Cofactors");
            case LogDet() -> Form.of("LogDet");
            case QrFactors() -> Form.of("QrFactors");
            case EighFactors() -> Form.of("EighFactors");
            case SvdFactors() -> Form.of("SvdFactors");
            // an attribute has single precision
            case PseudoInverse(double tolerance) ->
                Form.of("PseudoInverse").with(TOLERANCE, Double.toString(tolerance));
            case MatrixExp() -> Form.of("MatrixExp");
            default -> null;
        });
    }

    static void addTo(OperatorTable table) {
        Map<String, Function<Attributes, Op>> operations = Map.ofEntries(
                Map.entry("LogGamma", _ -> Unary.LGAMMA),
                Map.entry("Digamma", _ -> Unary.DIGAMMA),
                Map.entry("Polygamma", of -> new Polygamma(of.integer(ORDER, 1))),
                Map.entry("BesselI", of -> of.integer(ORDER, 0) == 0 ? Unary.I0 : new BesselI(of.integer(ORDER, 0))),
                Map.entry("SincDerivative", of -> new SincDerivative(of.integer(ORDER, 1))),
                Map.entry("IncompleteGamma", of -> new IncompleteGamma(
                        choice(of, TAIL, Tail.values()), of.integer(ORDER, 0))),
                Map.entry("GammaSlope", of -> new GammaSlope(of.integer(ORDER, 0))),
                Map.entry("IncompleteBeta", of -> new IncompleteBeta(of.integer(FIRST, 0), of.integer(SECOND, 0))),
                Map.entry("LogGammaQuantile", _ -> new LogGammaQuantile()),
                Map.entry("Solve", of -> new Solve(of.flag(TRANSPOSED),
                        choice(of, SINGULAR, Solve.Singular.values()))),
                Map.entry("TriangularSolve", of -> new TriangularSolve(of.flag(LOWER), of.flag(TRANSPOSED),
                        of.flag(UNIT))),
                Map.entry("Cholesky", _ -> new Cholesky()),
                Map.entry("Cofactors", _ -> new Cofactors()),
                Map.entry("LogDet", _ -> new LogDet()),
                Map.entry("QrFactors", _ -> new QrFactors()),
                Map.entry("EighFactors", _ -> new EighFactors()),
                Map.entry("SvdFactors", _ -> new SvdFactors()),
                Map.entry("PseudoInverse", of -> new PseudoInverse(number(of, TOLERANCE))),
                Map.entry("MatrixExp", _ -> new MatrixExp()));
        table.value(DOMAIN + ".Uniform", call -> noise(call, Uniform::new)).buffers(KEY).knows(1);
        table.value(DOMAIN + ".Normal", call -> noise(call, Normal::new)).buffers(KEY).knows(1);
        operations.forEach((name, operation) -> add(table, name, operation));
        add(table, "PoissonCounts", _ -> new PoissonCounts()).buffers(KEY);
        add(table, "BinomialCounts", _ -> new BinomialCounts()).buffers(KEY);
    }

    private static OperatorTable.Entry add(OperatorTable table, String name, Function<Attributes, Op> operation) {
        return table.value(DOMAIN + "." + name, call -> {
            Op op = operation.apply(call.attributes());
            return Value.of(op.apply(inputs(op, call)));
        });
    }

    private static Value noise(Call call, BiFunction<Shape, DType, Op> operation) {
        return Value.of(operation.apply(Shape.of(call.integers(1)), choice(call.attributes(), DTYPE, DType.values()))
                .apply(call.tensor(0)));
    }

    /** What follows them is for the function: extents of the batch. */
    private static Tensor[] inputs(Op op, Call call) {
        return IntStream.range(0, op.arity().least()).mapToObj(call::tensor).toArray(Tensor[]::new);
    }

    private static <E extends Enum<E>> E choice(Attributes attributes, String name, E[] choices) {
        String text = attributes.text(name, "");
        return Arrays.stream(choices).filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text)).findFirst()
                .orElseThrow(() -> refusal(name, text).expected(Arrays.toString(choices).toLowerCase(Locale.ROOT)));
    }

    private static double number(Attributes attributes, String name) {
        String text = attributes.text(name, "");
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw refusal(name, text).expected("a number");
        }
    }

    private static ShapeException.Report refusal(String name, String text) {
        return ShapeException.of(DOMAIN, "an attribute that is not known").operand(name, text);
    }

    /** The operator that a node of the domain calls: functions for several shapes are told apart by numbers. */
    public static Optional<OperatorTable.Entry> find(String domain, String name) {
        if (!domain.equals(DOMAIN)) {
            return Optional.empty();
        }
        int end = name.length();
        while (end > 0 && isDigit(name.charAt(end - 1))) {
            end--;
        }
        boolean isVariant = end < name.length() && end > 0 && name.charAt(end - 1) == VARIANT;
        return OperatorTable.STANDARD.find(DOMAIN + "." + (isVariant ? name.substring(0, end - 1) : name));
    }

    private static boolean isDigit(char letter) {
        return letter >= '0' && letter <= '9';
    }

    /** The name of the function for another shape. */
    public static String variant(String name, int number) {
        return name + VARIANT + number;
    }
}
