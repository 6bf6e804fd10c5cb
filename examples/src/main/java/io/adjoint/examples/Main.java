package io.adjoint.examples;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.examples.model.ModelTool;
import io.adjoint.optim.data.DataException;
import io.adjoint.serialization.ModelFileException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * Starts an example by its name, or lists them: the Java side of {@code examples/run}. What a user can put right is
 * answered with one sentence and exit status 1; any other exception is a bug and leaves its trace.
 */
@Command(name = "examples/run", synopsisSubcommandLabel = "NAME",
        description = "Runs an example; without NAME lists them.",
        subcommands = {Digits.class, Backpropagation.class, ModelTool.class})
final class Main implements Runnable {
    private static final List<Class<? extends RuntimeException>> USERS_TO_FIX = List.of(
            UserError.class, ShapeException.class, DataException.class, ModelFileException.class,
            UncheckedIOException.class);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        // The digits are drawn with block characters, which a terminal shows even where the locale names no charset.
        PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(commandLine(out, err).execute(args));
    }

    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Main::misused)
                .setExecutionExceptionHandler((failure, command, _) -> failed(failure, command));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int misused(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        command.getErr()
                .println(failure.getMessage() + "; see " + command.getCommandSpec().qualifiedName() + " --help");
        return 1;
    }

    private static int failed(Exception failure, CommandLine command) throws Exception {
        if (USERS_TO_FIX.stream().noneMatch(type -> type.isInstance(failure))) {
            throw failure;
        }
        command.getErr().println(command.getCommandName() + ": " + failure.getMessage());
        return 1;
    }
}
