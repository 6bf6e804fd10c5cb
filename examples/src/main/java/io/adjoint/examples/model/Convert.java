package io.adjoint.examples.model;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Writes the tensors of a file in another format. */
@Command(name = "convert", mixinStandardHelpOptions = true,
        description = "writes the tensors, of an ONNX model its weights and constants, to .safetensors or .npz, or its weights to .adjoint")
final class Convert implements Runnable {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ModelTool tool;

    @Parameters(paramLabel = "TARGET", description = "where to; replaced if it exists")
    private Path target;

    @Override
    public void run() {
        Target written = Target.of(target);
        Contents all = Format.of(tool.file()).read(tool.file());
        Contents contents = written == Target.CHECKPOINT ? all.without(all.constants()) : all;
        written.write(target, contents);
        int left = all.tensors().size() - contents.tensors().size();
        if (left > 0) {
            spec.commandLine().getOut().printf(
                    "left out: %,d %s: a checkpoint holds what a model can load, its variables%n",
                    left, left == 1 ? "constant" : "constants");
        }
        spec.commandLine().getOut().printf("%,d tensors written to %s%n", contents.tensors().size(), target);
    }
}
