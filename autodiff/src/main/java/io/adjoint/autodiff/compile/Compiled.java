package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.ProgramMemory;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.tape.GraphTrace;
import io.adjoint.autodiff.tape.Places;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A function with the plans that were made of it, one for each signature. */
public final class Compiled {
    private static final ScopedValue<Boolean> EAGERLY = ScopedValue.newInstance();

    private final Function<List<Tensor>, List<Tensor>> function;
    /** Where it was compiled, by which reports call it. */
    private final String name;
    /** What inputs have to be, null if they may be anything. */
    private final TensorSpec[] fixed;
    private volatile Variant[] variants = {};

    /** The function for inputs of any specs. */
    public Compiled(Function<List<Tensor>, List<Tensor>> function) {
        this(function, Places.here().map(Places::print).orElse("program"), null);
    }

    private Compiled(Function<List<Tensor>, List<Tensor>> function, String name, TensorSpec[] fixed) {
        this.function = function;
        this.name = name;
        this.fixed = fixed;
    }

    /** The same for inputs of these specs only. */
    public Compiled fixed(TensorSpec... specs) {
        return new Compiled(function, name, specs.clone());
    }

    /** Runs the body, in which functions are called and not their plans. */
    public static <T> T eagerly(Supplier<T> body) {
        return ScopedValue.where(EAGERLY, true).call(body::get);
    }

    // ---- calls

    /** Calls the function. */
    public Tensor[] run(Tensor... inputs) {
        if (isPlain(inputs)) {
            return call(inputs);
        }
        Variant variant = variant(inputs);
        return variant.plan() == null ? call(inputs) : variant.run(inputs);
    }

    /** Calls the function without inputs for its first result. */
    public Tensor first() {
        return first(0, null, null, null);
    }

    /** Calls the function for its first result. */
    public Tensor first(Tensor x) {
        return first(1, x, null, null);
    }

    /** Calls the function for its first result. */
    public Tensor first(Tensor x, Tensor y) {
        return first(2, x, y, null);
    }

    /** Calls the function for its first result. */
    public Tensor first(Tensor x, Tensor y, Tensor z) {
        return first(3, x, y, z);
    }

    /** Makes no array for so few inputs. */
    private Tensor first(int count, Tensor x, Tensor y, Tensor z) {
        if (!isScoped()) {
            for (Variant variant : variants) {
                if (variant.plan() != null && variant.fits(count, x, y, z)) {
                    return variant.first(count, x, y, z);
                }
            }
        }
        return run(switch (count) { // a signature for the first time, tracked inputs and plain calls
            case 0 -> new Tensor[0];
            case 1 -> new Tensor[] {x};
            case 2 -> new Tensor[] {x, y};
            default -> new Tensor[] {x, y, z};
        })[0];
    }

    private boolean isPlain(Tensor[] inputs) {
        if (fixed != null) {
            requireFixed(specs(inputs));
        }
        return isScoped() || isTracked(inputs);
    }

    private static boolean isScoped() {
        return EAGERLY.isBound() || GraphTrace.open() != null;
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

    private static TensorSpec[] specs(Tensor[] inputs) {
        return Arrays.stream(inputs).map(Tensor::spec).toArray(TensorSpec[]::new);
    }

    private void requireFixed(TensorSpec[] specs) {
        if (!Arrays.equals(specs, fixed)) {
            throw ShapeException.of("program", "the inputs do not fit its signature")
                    .operand("inputs", signature(specs))
                    .expected(signature(fixed));
        }
    }

    static String signature(TensorSpec[] specs) {
        return Arrays.stream(specs).map(TensorSpec::toString)
                .collect(Collectors.joining(", ", "(", ")"));
    }

    // ---- signatures

    private Variant variant(Tensor[] inputs) {
        for (Variant variant : variants) {
            if (variant.fits(inputs)) {
                return variant;
            }
        }
        return add(specs(inputs));
    }

    private synchronized Variant add(TensorSpec[] specs) {
        for (Variant variant : variants) {
            if (variant.fits(specs)) {
                return variant;
            }
        }
        long begin = System.nanoTime();
        Variant made = Variant.of(function, name, specs);
        if (made.plan() != null) {
            Flight.compiled(name, signature(specs), variants.length, System.nanoTime() - begin, made.plan());
        }
        Variant[] more = Arrays.copyOf(variants, variants.length + 1);
        more[variants.length] = made;
        variants = more;
        return made;
    }

    /**
     * The memory for inputs of these specs.
     *
     * @throws IllegalStateException if the function runs as it is, because its result would be tracked
     */
    public ProgramMemory memory(TensorSpec... specs) {
        if (fixed != null) {
            requireFixed(specs);
        }
        Plan plan = add(specs.clone()).plan();
        if (plan == null) {
            throw new IllegalStateException(
                    "program: it runs as the plain function, since its result is tracked; expected a result without gradient");
        }
        return Forecast.of(plan);
    }

    /** The memory for each signature so far. */
    public List<ProgramMemory> memories() {
        return Arrays.stream(variants).filter(variant -> variant.plan() != null)
                .map(variant -> Forecast.of(variant.plan())).toList();
    }

    /** What was made of the function for each signature so far. */
    public String explain() {
        StringBuilder text = new StringBuilder();
        for (Variant variant : variants) {
            text.append("program ").append(name).append(' ').append(signature(variant.specs()))
                    .append(variant.mode().isActive() ? " in training" : "").append('\n')
                    .append(variant.plan() == null ? "  runs as the plain function, since its result is tracked\n"
                            : Explanation.of(variant.plan()));
        }
        return text.toString();
    }
}
