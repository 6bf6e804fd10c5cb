package io.adjoint.examples.model;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.examples.UserError;
import io.adjoint.serialization.onnx.Onnx;
import io.adjoint.serialization.onnx.OnnxModel;
import io.adjoint.serialization.onnx.ValueSpec;
import io.adjoint.serialization.weights.Npy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Runs an ONNX model on arrays. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "runs an ONNX model on NumPy arrays")
final class Run implements Runnable {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ModelTool tool;

    @Option(names = "--input", paramLabel = "NAME=FILE.npy", description = "an input of the model, for each one option")
    private Map<String, Path> inputs = new LinkedHashMap<>();

    @Option(names = "--output", paramLabel = "FILE", description = "where to write the outputs, such as out.npz")
    private Optional<Path> output;

    @Override
    public void run() {
        Optional<Target> target = output.map(Target::of);
        OnnxModel model = model(tool.file());
        requireKnown(model);
        Map<String, Tensor> given = new LinkedHashMap<>();
        inputs.forEach((name, file) -> given.put(name, Npy.read(file)));
        SequencedMap<String, Tensor> results = model.run(given);
        Table table = new Table("output", "spec", "least", "largest", "mean");
        results.forEach((name, value) -> addRow(table, name, value));
        spec.commandLine().getOut().println(table);
        target.ifPresent(format -> format.write(output.orElseThrow(), new Contents(new LinkedHashMap<>(), results)));
    }

    /**
     * The model in a file.
     *
     * @throws UserError if it holds no graph
     */
    static OnnxModel model(Path file) {
        Format format = Format.of(file);
        if (format != Format.ONNX) {
            throw new UserError(file + ": found " + format + "; expected an ONNX model, since this needs a graph");
        }
        return Onnx.load(file);
    }

    private void requireKnown(OnnxModel model) {
        List<String> names = model.inputs().stream().map(ValueSpec::name).toList();
        if (names.size() != inputs.size() || !names.containsAll(inputs.keySet())) {
            throw new UserError("--input: found " + inputs.keySet() + "; expected one for each of " + model.inputs());
        }
    }

    private static void addRow(Table table, String name, Tensor value) {
        DoubleSummaryStatistics summary = Arrays.stream(value.cast(DType.F64).toDoubles()).summaryStatistics();
        if (summary.getCount() == 0) {
            table.row(name, value.spec().toString(), "-", "-", "-");
        } else {
            table.row(name, value.spec().toString(), "%.6g".formatted(summary.getMin()),
                    "%.6g".formatted(summary.getMax()), "%.6g".formatted(summary.getAverage()));
        }
    }
}
