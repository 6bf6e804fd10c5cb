package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.onnxruntime.OrtException;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Transforms;
import io.adjoint.autodiff.op.BesselI;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.GammaSlope;
import io.adjoint.autodiff.op.IncompleteBeta;
import io.adjoint.autodiff.op.IncompleteGamma;
import io.adjoint.autodiff.op.IncompleteGamma.Tail;
import io.adjoint.autodiff.op.LogGammaQuantile;
import io.adjoint.autodiff.op.Polygamma;
import io.adjoint.autodiff.op.SincDerivative;
import io.adjoint.autodiff.op.Unary;
import io.adjoint.nn.Module;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Functions that ONNX has no operators for: at their edges and far out, their derivatives, and for any batch. */
class SpecialFunctionExportTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    @TempDir
    private Path folder;

    private record Nothing() implements Module {
        @Override
        public SequencedMap<String, Object> parts() {
            return new LinkedHashMap<>();
        }
    }

    /** An operation at every choice of one number from each list. */
    private record Case(Elementwise op, double[]... values) {
        List<Tensor> inputs(DType dtype) {
            List<Tensor> inputs = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                int[] dims = new int[values.length];
                Arrays.fill(dims, 1);
                dims[i] = values[i].length;
                inputs.add(Tensor.of(values[i], Shape.of(dims)).cast(dtype));
            }
            return inputs;
        }
    }

    private static final double[] LINE =
            {NAN, -INF, -1e30, -171.3, -20.25, -3, -2.3, -1 - 1e-3, -1, -0.25, -1e-10, -0.0,
                0, 1e-30, 1e-10, 0.25, 1, 1 + 1e-6, 1.5, 2, 2.5, 3, 7, 12.99, 13, 40, 170.5, 1e5, 1e17, 1e30, INF};
    private static final double[] SHAPES =
            {NAN, -1, 0, 1e-4, 0.05, 0.5, 1, 2.5, 11.9, 12, 13, 100, 999, 1001, 1e6, INF};
    private static final double[] PLACES =
            {NAN, -1, 0, 1e-20, 1e-3, 0.4, 1, 1.05, 3, 10, 12, 13.5, 40, 95, 110, 1000, 1100, 1e6, 1.002e6, INF};
    private static final double[] SMALL_SHAPES = {1e-3, 0.05, 0.5, 1, 2.5, 13, 100, 2000};
    private static final double[] SMALL_PLACES = {0, 1e-3, 0.4, 1, 3, 12, 14.5, 80, 120, 1950, 2100};
    private static final double[] LOGARITHMS = {-30, -3, -0.5, 0, 0.7, 1.2, 2.4, 4.5};
    private static final double[] CHANCES =
            {NAN, -0.5, 0, 1e-30, 1e-6, 0.01, 0.2, 0.5, 0.6, 0.9, 0.99, 0.999999, 1 - 0x1p-24, 1, 1.5};
    private static final double[] SOME_SHAPES = {NAN, 0, 1e-3, 0.3, 1, 2, 11, 12.5, 100, 1e3};

    private static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>(List.of(
                new Case(Unary.LGAMMA, LINE), new Case(Unary.DIGAMMA, LINE), new Case(Unary.I0, LINE)));
        for (int order : new int[] {1, 2, 3, 8}) {
            cases.add(new Case(new Polygamma(order), LINE));
            cases.add(new Case(new SincDerivative(order), LINE));
            cases.add(new Case(new BesselI(order - 1), LINE));
        }
        cases.add(new Case(new BesselI(100), LINE));
        for (Tail tail : Tail.values()) {
            cases.add(new Case(new IncompleteGamma(tail, 0), SHAPES, PLACES));
            for (int order = 1; order <= 3; order++) {
                cases.add(new Case(new IncompleteGamma(tail, order), SMALL_SHAPES, SMALL_PLACES));
            }
        }
        for (int order = 0; order <= 3; order++) {
            cases.add(new Case(new GammaSlope(order), SMALL_SHAPES, LOGARITHMS));
        }
        for (int first = 0; first <= 2; first++) {
            for (int second = 0; first + second <= 2; second++) {
                cases.add(new Case(new IncompleteBeta(first, second), SOME_SHAPES, SOME_SHAPES, CHANCES));
            }
        }
        cases.add(new Case(new LogGammaQuantile(), SHAPES, CHANCES));
        return cases.stream();
    }

    @TestFactory
    Stream<DynamicTest> everyFunctionAtItsEdges() {
        return cases().map(each -> dynamicTest(each.op().toString(), () -> {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                List<Tensor> inputs = each.inputs(dtype);
                check(in -> List.of(each.op().apply(in.toArray(Tensor[]::new))), inputs, each.op() + " " + dtype);
            }
        }));
    }

    /** Gradients of functions are functions of the same family, and so are those of these. */
    @TestFactory
    Stream<DynamicTest> theirGradients() {
        Tensor a = Tensor.of(new double[] {0.3, 1.2, 4, 20}, 4, 1);
        Tensor x = Tensor.of(new double[] {0.1, 0.45, 0.8}, 3);
        Map<String, BinaryOperator<Tensor>> functions = Map.of("lgamma", (p, q) -> p.mul(q).lgamma(),
                "i0", (p, q) -> p.mul(q).i0(), "sinc", (p, q) -> p.mul(q).sinc(),
                "gamma", (p, q) -> new IncompleteGamma(Tail.UPPER, 0).apply(p, q.mul(5)),
                "quantile", (p, q) -> new LogGammaQuantile().apply(p, q),
                "beta", (p, q) -> new IncompleteBeta(0, 0).apply(p, p.add(q), q));
        return functions.entrySet().stream().map(function -> dynamicTest(function.getKey(), () -> {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                check(in -> twice(function.getValue(), in.getFirst(), in.getLast()),
                        List.of(a.cast(dtype), x.cast(dtype)),
                        function.getKey() + " " + dtype);
            }
        }));
    }

    /** The derivative by the first one, and that of this by the second one. */
    private static List<Tensor> twice(BinaryOperator<Tensor> function, Tensor a, Tensor x) {
        UnaryOperator<Tensor> slope = at -> Transforms.grad(p -> function.apply(p, at).sum()).apply(a);
        return List
                .of(Tensor.concat(0, slope.apply(x).flatten(0), Transforms.grad(at -> slope.apply(at).sum()).apply(x)));
    }

    /** Whole numbers are poles of what a form has for negative ones. */
    @Test
    void theirGradientsComeBack() throws IOException {
        Tensor x = Tensor.of(new double[] {-2.5, -0.3, 0.5, 1, 2, 2.5, 3, 13}).tracked();
        for (Function<Tensor, Tensor> function : List.<Function<Tensor, Tensor>>of(Tensor::lgamma, Tensor::digamma,
                y -> y.polygamma(2), y -> new IncompleteGamma(Tail.UPPER, 0).apply(y.abs(), y.abs().add(1)),
                y -> new IncompleteBeta(0, 0).apply(y.abs(), y.abs().add(1), y.sigmoid()),
                y -> new LogGammaQuantile().apply(y.abs(), y.sigmoid()))) {
            Path file = folder.resolve("back.onnx");
            OnnxExport.of(new Nothing(), in -> List.of(function.apply(in.getFirst()))).input("x", x.spec()).write(file);
            Tensor back = OtherReaders.load(file).forwardAll(List.of(x)).getFirst();
            assertClose(function.apply(x).sum().gradients(x).of(x), back.sum().gradients(x).of(x), 1e-8, "gradient");
        }
    }

    /** Samples of the catalogue are seldom empty. */
    @Test
    void ofNothing() throws OrtException, IOException {
        List<Tensor> inputs = List.of(Tensor.ones(1, 4), Tensor.ones(0, 1));
        for (Elementwise op : List.of(new IncompleteGamma(Tail.LOWER, 0), new GammaSlope(0), new LogGammaQuantile())) {
            check(in -> List.of(op.apply(in.getFirst(), in.getLast())), inputs, op.toString());
        }
        check(in -> List.of(in.getLast().lgamma().add(in.getLast().besselI(2))), inputs, "of one");
    }

    @Test
    void forAnyBatch() throws OrtException, IOException {
        Function<List<Tensor>, List<Tensor>> function = in -> {
            Tensor x = in.getFirst();
            Tensor a = x.abs().add(0.5);
            return List.of(x.lgamma().add(x.digamma()).add(x.polygamma(2)).add(x.besselI(1))
                    .add(new SincDerivative(1).apply(x)).add(new IncompleteGamma(Tail.LOWER, 1).apply(a, a))
                    .add(new GammaSlope(0).apply(a, x)).add(new LogGammaQuantile().apply(a, x.sigmoid()))
                    .add(new IncompleteBeta(1, 0).apply(a, a, x.sigmoid())));
        };
        Path file = folder.resolve("batch.onnx");
        OnnxExport.of(new Nothing(), function).input("x", 1, 3).dynamicBatch("batch").write(file);
        OnnxModel model = OtherReaders.load(file);
        Tensor two = Rng.seed(2).normal(Shape.of(2, 3), DType.F32);
        check(model::forwardAll, List.of(two), "written again");
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            for (int batch : List.of(1, 2, 17)) {
                Tensor x = Rng.seed(batch).normal(Shape.of(batch, 3), DType.F32);
                Tensor expected = function.apply(List.of(x)).getFirst();
                assertClose(expected, runtime.run(List.of(x)).getFirst(), 1e-5, "batch " + batch);
                assertClose(expected, model.forwardAll(List.of(x)).getFirst(), 1e-5, "batch " + batch);
            }
        }
    }

    private void check(Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs, String what)
            throws OrtException, IOException {
        Path file = folder.resolve("special.onnx");
        OnnxExport export = OnnxExport.of(new Nothing(), function);
        for (int i = 0; i < inputs.size(); i++) {
            export = export.input("x" + i, inputs.get(i).spec());
        }
        export.write(file);
        Tensor expected = function.apply(inputs).getFirst();
        double tolerance = expected.dtype() == DType.F32 ? 1e-5 : 1e-10;
        assertClose(expected, OtherReaders.load(file).forwardAll(inputs).getFirst(), tolerance, what);
        assertClose(expected, Onnx.load(file).forwardAll(inputs).getFirst(), tolerance, what);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            assertClose(expected, runtime.run(inputs).getFirst(), tolerance, what + " in ONNX Runtime");
        }
    }
}
