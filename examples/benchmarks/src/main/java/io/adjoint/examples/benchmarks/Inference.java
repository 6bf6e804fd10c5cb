package io.adjoint.examples.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The pretrained sentence encoder all-MiniLM-L6-v2 on sentences of random tokens.
 *
 * @param batch number of sentences
 * @param length of each, in tokens
 */
record Inference(int batch, int length) implements Workload {
    private static final String MODEL = "/all-minilm-l6-v2.onnx";
    private static final int VOCABULARY = 30_000;

    static List<Inference> all() {
        return Stream.of(new Inference(1, 16), new Inference(1, 128), new Inference(8, 128)).toList();
    }

    @Override
    public String name() {
        return "infer-minilm-" + batch + "x" + length;
    }

    /** The model's inputs in its order: tokens, a mask of ones, types that are all 0. */
    long[][] inputs() {
        Random random = new Random(1);
        return new long[][] {random.longs((long) batch * length, 0, VOCABULARY).toArray(),
            random.longs((long) batch * length, 1, 2).toArray(), new long[batch * length]};
    }

    /** The model as a file: it comes with the other frameworks. */
    static Path model() {
        try (InputStream in = Inference.class.getResourceAsStream(MODEL)) {
            if (in == null) {
                throw new BenchmarkException("the model is not on the class path; run with --peers, which brings it");
            }
            Path file = Files.createTempFile("adjoint-benchmark", ".onnx");
            file.toFile().deleteOnExit();
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
