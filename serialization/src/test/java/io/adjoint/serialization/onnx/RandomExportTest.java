package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.BinomialCounts;
import io.adjoint.autodiff.op.Normal;
import io.adjoint.autodiff.op.PoissonCounts;
import io.adjoint.autodiff.op.Uniform;
import io.adjoint.nn.Dropout;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.read.ModelReader;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random numbers are a function of their key in ONNX too. */
class RandomExportTest {
    private static final TensorSpec KEY = new TensorSpec(DType.I64, Shape.of(2));
    private static final long[] WORDS = {0, 1, -1, 0x7FFFFFFFFFFFFFFFL, 0x8000000000000000L, 0x243f6a8885a308d3L,
        0xa4093822299f31d0L, 0xFFFFFFFFL, 1L << 32};

    @TempDir
    private Path folder;

    /** However many functions call it. */
    private static long generators(Path file) {
        return ModelReader.messages(file).getFunctionsList().stream()
                .filter(function -> function.getName().equals("Philox4x32")).count();
    }

    /** Each key with each length of the last block. */
    @Test
    void uniformNumbersHaveTheSameBits() throws OrtException, IOException {
        for (int count : new int[] {1, 2, 3, 4, 5, 37}) {
            Path file = folder.resolve("uniform.onnx");
            OnnxExport.of(new Dropout(0.5, Variable.buffer(Tensor.of(new long[2]))),
                    in -> List.of(new Uniform(Shape.of(count), DType.F32).apply(in.getFirst()),
                            new Uniform(Shape.of(1, count), DType.F64).apply(in.getFirst()),
                            new Normal(Shape.of(count, 1), DType.F64).apply(in.getFirst())))
                    .input("key", KEY).write(file);
            assertEquals(1, generators(file));
            OnnxModel model = OtherReaders.load(file);
            Path again = folder.resolve("again.onnx");
            OnnxExport.of(model, model::forwardAll).input("key", KEY).write(again);
            try (OnnxRuntime runtime = new OnnxRuntime(count == 5 ? again : file)) {
                for (long seed : WORDS) {
                    for (long stream : LongStream.of(WORDS).limit(count == 37 ? WORDS.length : 2).toArray()) {
                        assertSame(new Rng(seed, stream), count, model, runtime);
                    }
                }
            }
        }
    }

    private static void assertSame(Rng rng, int count, OnnxModel model, OnnxRuntime runtime)
            throws OrtException, IOException {
        List<Tensor> loaded = model.forwardAll(List.of(rng.key()));
        List<Tensor> run = runtime.run(List.of(rng.key()));
        for (List<Tensor> found : List.of(loaded, run)) {
            assertTrue(rng.uniform(Shape.of(count), DType.F32).sameBits(found.get(0)), rng + ", " + count);
            assertTrue(rng.uniform(Shape.of(1, count), DType.F64).sameBits(found.get(1)), rng + ", " + count);
            assertClose(rng.normal(Shape.of(count, 1), DType.F64), found.get(2), 1e-12, rng + ", " + count);
        }
    }

    /** The mask is that of the key, and the key moves on: for any batch. */
    @Test
    void dropoutInTraining() throws OrtException, IOException {
        Dropout dropout = Dropout.of(0.3, Rng.seed(5));
        Path file = folder.resolve("dropout.onnx");
        OnnxExport export = OnnxExport
                .of(dropout, in -> Training.scope(() -> List.of(dropout.forward(in.getFirst()).mul(2))))
                .input("x", 1, 7).output("y").dynamicBatch("batch");
        ModelFileException e = assertThrows(ModelFileException.class, () -> export.write(file));
        assertEquals(file + ": it sets key, and an ONNX model sets nothing; export it as it is at inference, or let "
                + "updates be outputs", e.getMessage());
        Tensor key = dropout.key().value();
        export.updatesAsOutputs().write(file);
        assertTrue(key.sameBits(dropout.key().value()), "an export sets nothing");
        OnnxModel model = OtherReaders.load(file);
        assertEquals(List.of(), List.copyOf(model.parts().keySet()));
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            for (int batch : List.of(1, 2, 5, 16)) {
                dropout.key().set(key);
                Tensor x = Rng.seed(batch).normal(Shape.of(batch, 7), DType.F32);
                Tensor y = Training.scope(() -> dropout.forward(x).mul(2));
                for (List<Tensor> found : List.of(runtime.run(List.of(x)), model.forwardAll(List.of(x)))) {
                    assertTrue(y.sameBits(found.getFirst()), "batch " + batch);
                    assertTrue(dropout.key().value().sameBits(found.getLast()));
                }
            }
        }
    }

    private static final double[] MEANS = {Double.NaN, -1, 0, 1e-3, 0.7, 3, 9.99, 10, 12.5, 40, 1e3, 1e6, 1e8,
        Double.POSITIVE_INFINITY};
    private static final double[] TRIALS = {Double.NaN, -1, 0, 0.5, 1, 2, 7, 30, 1000, 1e7, 1e9};
    private static final double[] CHANCES = {Double.NaN, -0.1, 0, 1e-9, 1e-3, 0.03, 0.4, 0.5, 0.77, 1, 1.5};

    /**
     * Those that are gone up to, and those that are attempted: every draw is ours, whatever is no parameter included. Means of
     * billions would be accepted by the last digits of logarithms, which differ.
     */
    @Test
    void countsAreTheSame() throws OrtException, IOException {
        Path file = folder.resolve("counts.onnx");
        Tensor means = Tensor.of(MEANS, MEANS.length).expand(20, MEANS.length);
        Tensor trials = Tensor.of(TRIALS, TRIALS.length, 1).expand(7, TRIALS.length, 1);
        Tensor chances = Tensor.of(CHANCES, CHANCES.length);
        Function<List<Tensor>, List<Tensor>> draws = in -> List.of(new PoissonCounts().apply(in.get(0), in.get(1)),
                new BinomialCounts().apply(in.get(0), in.get(2), in.get(3)));
        OnnxExport.of(new Dropout(0.5, Variable.buffer(Tensor.of(new long[2]))), draws).input("key", KEY)
                .input("means", means.spec()).input("trials", trials.spec()).input("chances", chances.spec())
                .write(file);
        assertEquals(1, generators(file));
        OnnxModel model = OtherReaders.load(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            for (long seed : WORDS) {
                List<Tensor> inputs = List.of(new Rng(seed, -seed).key(), means, trials, chances);
                List<Tensor> expected = draws.apply(inputs);
                for (List<Tensor> found : List.of(model.forwardAll(inputs), runtime.run(inputs))) {
                    assertArrayEquals(expected.getFirst().toLongs(), found.getFirst().toLongs(), "Poisson " + seed);
                    assertArrayEquals(expected.getLast().toLongs(), found.getLast().toLongs(), "binomial " + seed);
                }
            }
        }
    }

    /** Rounded normal numbers: a last digit of the logarithm may be another. Greater than any integer is the greatest one. */
    @Test
    void greatCountsAreNearlyTheSame() throws OrtException, IOException {
        Path file = folder.resolve("great.onnx");
        Tensor means = Tensor.of(new double[] {2e12, 1e15, 1e18, 1e300}, 4);
        Tensor key = new Rng(3, 4).key();
        OnnxExport.of(new Dropout(0.5, Variable.buffer(Tensor.of(new long[2]))),
                in -> List.of(new PoissonCounts().apply(in.getFirst(), in.getLast()))).input("key", KEY)
                .input("means", means.spec()).write(file);
        Tensor expected = new PoissonCounts().apply(key, means).cast(DType.F64);
        assertEquals(Long.MAX_VALUE, OtherReaders.load(file).forwardAll(List.of(key, means)).getFirst().toLongs()[3]);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            assertClose(expected, runtime.run(List.of(key, means)).getFirst().cast(DType.F64), 1e-15, "counts");
        }
    }

    /** As many draws as the batch has, each with its own numbers. */
    @Test
    void countsForAnyBatch() throws OrtException, IOException {
        Path file = folder.resolve("batch.onnx");
        Tensor key = new Rng(1, 2).key();
        OnnxExport.of(new Dropout(0.5, Variable.buffer(key)),
                in -> List.of(new PoissonCounts().apply(key, in.getFirst().exp()))).input("x", 1, 3)
                .dynamicBatch("batch").write(file);
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            for (int batch : List.of(1, 2, 17)) {
                Tensor x = Rng.seed(batch).uniform(Shape.of(batch, 3), DType.F32).mul(8);
                Tensor expected = new PoissonCounts().apply(key, x.exp());
                assertClose(expected, runtime.run(List.of(x)).getFirst(), 0, "batch " + batch);
                assertClose(expected, OtherReaders.load(file).forwardAll(List.of(x)).getFirst(), 0, "batch " + batch);
            }
        }
    }

    /** What a function draws is not an input but the constants in it. */
    @Test
    void drawsOfSeveralShapes() throws OrtException, IOException {
        Rng rng = Rng.seed(3);
        Sequential model = Sequential.of(Linear.of(4, 8, rng), Dropout.of(0.5, rng), Linear.of(8, 5, rng),
                Dropout.of(0.5, rng), x -> x.transpose(), Dropout.of(0.5, rng));
        Tensor x = rng.normal(Shape.of(3, 4), DType.F32);
        Path file = folder.resolve("draws.onnx");
        OnnxExport.of(model, in -> Training.scope(() -> List.of(model.forward(in.getFirst())))).input("x", x.spec())
                .updatesAsOutputs().write(file);
        List<Tensor> here = Onnx.load(file).forwardAll(List.of(x));
        Tensor expected = Training.scope(() -> model.forward(x));
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            for (Tensor found : List.of(here.getFirst(), OtherReaders.load(file).forwardAll(List.of(x)).getFirst(),
                    runtime.run(List.of(x)).getFirst())) {
                assertClose(expected, found, 1e-6, "draws");
            }
        }
    }

    /** The key is state: what is drawn from it is no constant, so it may have the shape of any batch again. */
    @Test
    void whatDrawsIsExportedAgain() throws Exception {
        Dropout dropout = Dropout.of(0.3, Rng.seed(1));
        Path file = folder.resolve("dropout.onnx");
        OnnxExport.of(dropout, in -> Training.scope(() -> List.of(dropout.forward(in.getFirst())))).input("x", 1, 7)
                .dynamicBatch("batch").updatesAsOutputs().write(file);
        OnnxModel model = Onnx.load(file);
        assertEquals(Variable.Kind.BUFFER, model.variables().get("key").kind());
        Path again = folder.resolve("again.onnx");
        OnnxExport.of(model, model::forwardAll).input("x", 1, 7).dynamicBatch("batch").write(again);
        JavaExport.of(model).named("Draws").dynamicBatch().write(folder);
        ExportedSource source = ExportedSource.load(ExportedSource.compile(folder, List.of("Draws")), folder, "Draws");
        try (OnnxRuntime runtime = new OnnxRuntime(again)) {
            for (int batch : List.of(2, 5)) {
                Tensor x = Rng.seed(batch).normal(Shape.of(batch, 7), DType.F32);
                Tensor expected = model.forwardAll(List.of(x)).getFirst();
                assertTrue(expected.sameBits(runtime.run(List.of(x)).getFirst()), "batch " + batch);
                assertTrue(expected.sameBits(source.forward(List.of(x)).getFirst()), "batch " + batch);
            }
        }
    }
}
