package io.adjoint.examples.model;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Prints what stands in a file. */
@Command(name = "inspect", mixinStandardHelpOptions = true,
        description = "prints names, dtypes, shapes and metadata, or what an ONNX model computes (the default)")
final class Inspect implements Runnable {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ModelTool tool;

    @Override
    public void run() {
        tool.inspect(spec.commandLine().getOut());
    }
}
