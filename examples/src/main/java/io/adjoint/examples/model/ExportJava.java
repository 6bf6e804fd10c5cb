package io.adjoint.examples.model;

import io.adjoint.autodiff.TraceException;
import io.adjoint.examples.UserError;
import io.adjoint.serialization.onnx.JavaExport;
import io.adjoint.serialization.onnx.OnnxModel;
import io.adjoint.serialization.onnx.ValueSpec;
import io.adjoint.serialization.weights.Npy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Writes an ONNX model as Java source. */
@Command(name = "export-java", mixinStandardHelpOptions = true,
        description = "writes an ONNX model as a Java record, with its weights as a checkpoint beside it")
final class ExportJava implements Runnable {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ModelTool tool;

    @Option(names = "--class", required = true, paramLabel = "NAME", description = "such as com.acme.Birds")
    private String className;

    @Option(names = "--out", required = true, paramLabel = "FOLDER",
            description = "where Birds.java and Birds.adjoint go")
    private Path folder;

    @Option(names = "--shape", paramLabel = "NAME=1x3x224x224",
            description = "the shape of an input, where the model leaves it open; for each one option")
    private Map<String, String> shapes = new LinkedHashMap<>();

    @Option(names = "--fixed", paramLabel = "NAME=FILE.npy",
            description = "the value of an input that decides what is computed, such as a shape; for each one option")
    private Map<String, Path> fixed = new LinkedHashMap<>();

    @Option(names = "--batch", description = "the first axis of all inputs may have any extent")
    private boolean batch;

    @Override
    public void run() {
        OnnxModel model = Run.model(tool.file());
        if (!Files.isDirectory(folder)) {
            throw new UserError("--out " + folder + ": found no such folder; expected one that exists");
        }
        JavaExport export = withShapes(named(JavaExport.of(model)), model);
        for (Map.Entry<String, Path> input : fixed.entrySet()) {
            export = export.fixed(input.getKey(), Npy.read(input.getValue()));
        }
        try {
            (batch ? export.dynamicBatch() : export).write(folder);
        } catch (TraceException e) {
            throw new UserError(tool.file() + ": its graph depends on values of its inputs; give those with --fixed: "
                    + e.getMessage());
        }
        String simple = className.substring(className.lastIndexOf('.') + 1);
        spec.commandLine().getOut().printf("written %s and %s%n", folder.resolve(simple + ".java"),
                folder.resolve(simple + ".adjoint"));
    }

    private JavaExport named(JavaExport export) {
        try {
            return export.named(className);
        } catch (IllegalArgumentException _) {
            throw new UserError(
                    "--class " + className + ": found no name of a class; expected one such as com.acme.Birds");
        }
    }

    private JavaExport withShapes(JavaExport export, OnnxModel model) {
        List<String> names = model.inputs().stream().map(ValueSpec::name).toList();
        JavaExport shaped = export;
        for (Map.Entry<String, String> shape : shapes.entrySet()) {
            if (!names.contains(shape.getKey())) {
                throw new UserError("--shape " + shape.getKey() + ": found no such input; expected one of " + names);
            }
            shaped = shaped.shape(shape.getKey(), extents(shape.getKey(), shape.getValue()));
        }
        return shaped;
    }

    private static int[] extents(String name, String text) {
        if (!text.matches("[0-9]{1,9}(x[0-9]{1,9})*")) {
            throw new UserError("--shape " + name + "=" + text + ": found no shape; expected one such as 1x3x224x224");
        }
        return Arrays.stream(text.split("x")).mapToInt(Integer::parseInt).toArray();
    }
}
