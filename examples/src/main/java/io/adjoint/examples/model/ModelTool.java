package io.adjoint.examples.model;

import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.onnx.Onnx;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at files with models in them, and makes others of them. Without a subcommand it inspects. */
@Command(name = "model", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "[COMMAND]",
        description = "looks at a model file, converts it, compares it, runs it, or writes it as Java source",
        subcommands = {Inspect.class, Convert.class, Diff.class, Run.class, ExportJava.class})
public final class ModelTool implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "ONNX, checkpoint, safetensors, .npy, .npz or PyTorch state")
    private Path file;

    Path file() {
        return file;
    }

    @Override
    public void run() {
        inspect(spec.commandLine().getOut());
    }

    void inspect(PrintWriter out) {
        Format format = Format.of(file);
        if (format == Format.ONNX) {
            Onnx.inspect(file).toString().lines().map(Table::printable).forEach(out::println);
            return;
        }
        Listing listing = format.list(file);
        Table table = new Table("name", "dtype", "shape", "elements");
        listing.specs().forEach((name, spec) -> table.row(name, spec.dtype().toString(), spec.shape().toString(),
                "%,d".formatted(spec.shape().size())));
        long elements = listing.specs().values().stream().map(TensorSpec::shape).mapToLong(s -> s.size()).sum();
        out.printf("%s: %,d elements in %,d tensors%n", format, elements, listing.specs().size());
        if (!listing.metadata().isEmpty()) {
            Table metadata = new Table("metadata", "");
            listing.metadata().forEach(metadata::row);
            out.println(metadata);
        }
        out.println(table);
    }
}
