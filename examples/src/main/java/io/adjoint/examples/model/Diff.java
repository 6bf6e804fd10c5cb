package io.adjoint.examples.model;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.Differences;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Compares the tensors of two files, of whatever formats. */
@Command(name = "diff", mixinStandardHelpOptions = true,
        description = "compares names, dtypes, shapes and values of all tensors; with a checkpoint, which holds variables only, "
                + "constants of an ONNX model are left out; exit status 0 if they are the same, 1 if not")
final class Diff implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ModelTool tool;

    @Parameters(paramLabel = "OTHER", description = "what to compare with")
    private Path other;

    @Override
    public Integer call() {
        Contents allLeft = Format.of(tool.file()).read(tool.file());
        Contents allRight = Format.of(other).read(other);
        Contents left = comparable(tool.file(), allLeft, other);
        Contents right = comparable(other, allRight, tool.file());
        PrintWriter out = spec.commandLine().getOut();
        Differences differences = Differences.between(Listing.of(left).specs(), Listing.of(right).specs());
        if (!differences.isEmpty()) {
            out.println(differences.table("in " + tool.file(), "in " + other));
        }
        Table values = new Table("other values", "spec", "largest difference");
        boolean isSame = true;
        for (String name : left.tensors().keySet()) {
            Tensor a = left.tensors().get(name);
            Tensor b = right.tensors().getOrDefault(name, a);
            if (a.spec().equals(b.spec()) && !a.sameBits(b)) {
                values.row(name, a.spec().toString(), Double.toString(largestDifference(a, b)));
                isSame = false;
            }
        }
        if (!isSame) {
            out.println(values);
        } else if (left.tensors().isEmpty() && right.tensors().isEmpty()) {
            out.println("nothing was compared: there are no tensors that both files could hold");
        } else if (differences.isEmpty()) {
            out.printf("the same: %,d tensors have the same bits%n", left.tensors().size());
            return 0;
        }
        return 1;
    }

    /** A checkpoint of a model has its variables, and not what else an exporter wrote: that is left out, and said. */
    private Contents comparable(Path file, Contents contents, Path than) {
        int constants = contents.constants().size();
        if (Format.of(than) != Format.CHECKPOINT || constants == 0) {
            return contents;
        }
        spec.commandLine().getOut().printf("left out: %,d %s of %s, which no checkpoint holds%n", constants,
                constants == 1 ? "constant" : "constants", file);
        return contents.without(contents.constants());
    }

    /** Of equal infinities 0, as of two NaN; NaN if only one of two is NaN. */
    private static double largestDifference(Tensor a, Tensor b) {
        double[] x = a.cast(DType.F64).toDoubles();
        double[] y = b.cast(DType.F64).toDoubles();
        double largest = 0;
        for (int i = 0; i < x.length; i++) {
            boolean isEqual = x[i] == y[i] || Double.isNaN(x[i]) && Double.isNaN(y[i]);
            largest = Math.max(largest, isEqual ? 0 : Math.abs(x[i] - y[i]));
        }
        return largest;
    }
}
