package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The function for inputs of some specs, in one mode of training. */
final class Variant {
    private final String name;
    private final TensorSpec[] specs;
    private final Training.Mode mode;
    /** Null if gradients would have to flow out of the function. */
    private final Plan plan;
    /** Those that are not running; more are made where threads call at once. */
    private final List<Executable> idle = new ArrayList<>();
    private final Pace pace = new Pace();

    private Variant(String name, TensorSpec[] specs, Training.Mode mode, Plan plan) {
        this.name = name;
        this.specs = specs;
        this.mode = mode;
        this.plan = plan;
    }

    static Variant of(Function<List<Tensor>, List<Tensor>> function, String name, TensorSpec[] specs) {
        boolean[] tracked = new boolean[1];
        Graph graph = Graph.traceAll(in -> {
            List<Tensor> results = function.apply(in);
            tracked[0] = results.stream().anyMatch(Tensor::isTracked);
            return results;
        }, specs);
        return new Variant(name, specs, Training.mode(),
                tracked[0] ? null : Plan.of(rewritten(graph).verify()));
    }

    private static Graph rewritten(Graph graph) {
        Graph simple = Simplify.of(graph);
        Graph looked = Lookups.of(simple);
        return OldValues.copied(SideBySide.of(looked == simple ? simple : Simplify.of(looked)));
    }

    TensorSpec[] specs() {
        return specs;
    }

    Training.Mode mode() {
        return mode;
    }

    /** Null if gradients would have to flow out of the function. */
    Plan plan() {
        return plan;
    }

    boolean fits(TensorSpec[] others) {
        return mode.equals(Training.mode()) && Arrays.equals(specs, others);
    }

    boolean fits(Tensor[] inputs) {
        if (inputs.length != specs.length || !mode.equals(Training.mode())) {
            return false;
        }
        for (int i = 0; i < specs.length; i++) {
            if (!specs[i].equals(inputs[i].spec())) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is the one for so many inputs, none of them tracked. */
    boolean fits(int count, Tensor x, Tensor y, Tensor z) {
        return count == specs.length && mode.equals(Training.mode()) && (count < 1 || fits(0, x))
                && (count < 2 || fits(1, y)) && (count < 3 || fits(2, z));
    }

    private boolean fits(int number, Tensor input) {
        return !input.isTracked() && specs[number].equals(input.spec());
    }

    Tensor[] run(Tensor[] inputs) {
        Executable executable = take();
        try {
            for (int i = 0; i < inputs.length; i++) {
                executable.give(i, inputs[i]);
            }
            return timed(executable).results();
        } finally {
            putBack(executable);
        }
    }

    Tensor first(int count, Tensor x, Tensor y, Tensor z) {
        Executable executable = take();
        try {
            if (count > 0) {
                executable.give(0, x);
            }
            if (count > 1) {
                executable.give(1, y);
            }
            if (count > 2) {
                executable.give(2, z);
            }
            return timed(executable).result(0);
        } finally {
            putBack(executable);
        }
    }

    private Executable timed(Executable executable) {
        if (!Flight.wantsSlowSteps()) {
            executable.run();
            return executable;
        }
        long begin = System.nanoTime();
        executable.run();
        long nanos = System.nanoTime() - begin;
        long median = pace.add(nanos);
        if (median > 0) {
            Flight.slowStep(name, Compiled.signature(specs), nanos, median);
        }
        return executable;
    }

    private Executable take() {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.removeLast();
            }
        }
        return new Executable(plan);
    }

    private void putBack(Executable executable) {
        executable.forget();
        synchronized (idle) {
            idle.add(executable);
        }
    }
}
