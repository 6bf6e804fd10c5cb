package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.tape.GraphTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A function with the plans that were made of it, one for each signature. */
public final class Compiled {
    private final Function<List<Tensor>, List<Tensor>> function;
    private volatile Variant[] variants = {};

    public Compiled(Function<List<Tensor>, List<Tensor>> function) {
        this.function = function;
    }

    /** Calls the function. */
    public Tensor[] run(Tensor... inputs) {
        if (GraphTrace.open() != null || isTracked(inputs)) {
            return call(inputs);
        }
        Variant variant = find(inputs);
        return variant.plan == null ? call(inputs) : variant.run(inputs);
    }

    private Tensor[] call(Tensor[] inputs) {
        return function.apply(List.of(inputs)).toArray(Tensor[]::new);
    }

    private static boolean isTracked(Tensor[] inputs) {
        for (Tensor input : inputs) {
            if (input.isTracked()) {
                return true;
            }
        }
        return false;
    }

    private Variant find(Tensor[] inputs) {
        for (Variant variant : variants) {
            if (variant.fits(inputs)) {
                return variant;
            }
        }
        return add(inputs);
    }

    private synchronized Variant add(Tensor[] inputs) {
        for (Variant variant : variants) {
            if (variant.fits(inputs)) {
                return variant;
            }
        }
        Variant[] more = java.util.Arrays.copyOf(variants, variants.length + 1);
        more[variants.length] = Variant.of(function, inputs);
        variants = more;
        return more[more.length - 1];
    }

    /** The function for inputs of some specs, in one mode of training. */
    private static final class Variant {
        private final TensorSpec[] specs;
        private final Training.Mode mode;
        /** Null if gradients would have to flow out of the function. */
        private final Plan plan;
        /** Those that are not running; more are made where threads call at once. */
        private final List<Executable> idle = new ArrayList<>();

        private Variant(TensorSpec[] specs, Training.Mode mode, Plan plan) {
            this.specs = specs;
            this.mode = mode;
            this.plan = plan;
        }

        static Variant of(Function<List<Tensor>, List<Tensor>> function, Tensor[] inputs) {
            TensorSpec[] specs = java.util.Arrays.stream(inputs).map(Tensor::spec).toArray(TensorSpec[]::new);
            boolean[] tracked = new boolean[1];
            Graph graph = Graph.traceAll(in -> {
                List<Tensor> results = function.apply(in);
                tracked[0] = results.stream().anyMatch(Tensor::isTracked);
                return results;
            }, specs);
            return new Variant(specs, Training.mode(), tracked[0] ? null : Plan.of(Simplify.of(graph).verify()));
        }

        boolean fits(Tensor[] inputs) {
            if (inputs.length != specs.length || !Training.mode().equals(mode)) {
                return false;
            }
            for (int i = 0; i < specs.length; i++) {
                if (!specs[i].equals(inputs[i].spec())) {
                    return false;
                }
            }
            return true;
        }

        Tensor[] run(Tensor[] inputs) {
            Executable executable = take();
            try {
                return executable.run(inputs);
            } finally {
                synchronized (idle) {
                    idle.add(executable);
                }
            }
        }

        private Executable take() {
            synchronized (idle) {
                if (!idle.isEmpty()) {
                    return idle.removeLast();
                }
            }
            return new Executable(plan);
        }
    }
}
