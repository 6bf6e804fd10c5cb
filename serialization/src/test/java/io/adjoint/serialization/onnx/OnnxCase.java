package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.read.TensorReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A case of the reference: a model, inputs, and what comes out. */
record OnnxCase(String kind, String name, String family, String tier, double relative, double absolute, Path folder) {
    /** The cases of the index; where there is none, the test that asks is skipped. */
    static List<OnnxCase> all() {
        Path root = Path.of(System.getProperty("reference.dir", "../../shared/reference"), "onnx");
        Path index = root.resolve("index.tsv");
        if (!Files.exists(index)) {
            return abort("skipped: no reference cases " + index + "; set -Dreference.dir to their folder");
        }
        try {
            List<String> lines = Files.readAllLines(index);
            List<String> header = List.of(lines.getFirst().split("\t", -1));
            return lines.stream().skip(1).map(line -> {
                String[] cells = line.split("\t", -1);
                Map<String, String> row = new HashMap<>();
                for (int i = 0; i < cells.length; i++) {
                    row.put(header.get(i), cells[i]);
                }
                return new OnnxCase(row.get("kind"), row.get("name"), row.get("family"), row.get("tier"),
                        Double.parseDouble(row.get("rtol")), Double.parseDouble(row.get("atol")),
                        root.resolve(row.get("kind")).resolve(row.get("name")));
            }).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    OnnxModel model() {
        return Onnx.load(folder.resolve("model.onnx"));
    }

    /** {@code input} or {@code output} tensors of the first data set. */
    List<Value> values(String side) {
        List<Value> values = new ArrayList<>();
        for (int i = 0;; i++) {
            Path file = folder.resolve("test_data_set_0").resolve(side + "_" + i + ".pb");
            if (!Files.exists(file)) {
                return values;
            }
            values.add(read(file));
        }
    }

    static Value read(Path file) {
        try {
            return new TensorReader(file).read(TensorProto.parseFrom(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void check(List<Value> actual) {
        List<Value> expected = values("output");
        assertEquals(expected.size(), actual.size(), "number of outputs");
        for (int i = 0; i < expected.size(); i++) {
            check("output " + i, expected.get(i), actual.get(i));
        }
    }

    /** As numpy's assert_allclose: NaN equals NaN, equal infinities are equal. */
    private void check(String what, Value expected, Value actual) {
        assertEquals(expected.type(), actual.type(), what);
        assertEquals(expected.tensor().shape(), actual.tensor().shape(), what);
        double[] e = doubles(expected.tensor());
        double[] a = doubles(actual.tensor());
        for (int i = 0; i < e.length; i++) {
            boolean near = e[i] == a[i] || Double.isNaN(e[i]) && Double.isNaN(a[i])
                    || Math.abs(a[i] - e[i]) <= absolute + relative * Math.abs(e[i]) && Double.isFinite(e[i]);
            int at = i;
            assertTrue(near, () -> what + " at " + at + ": expected " + e[at] + " but was " + a[at]);
        }
    }

    private static double[] doubles(Tensor tensor) {
        return tensor.detached().cast(DType.F64).toDoubles();
    }

    @Override
    public String toString() {
        return kind + "/" + name;
    }
}
