package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.check.GradientMismatch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/**
 * Law 2 of all public functions, whatever they are made of: gradients of both orders equal differences, and forward mode is
 * the transpose of reverse mode. Calls are made up by {@link Tame} until one is accepted.
 */
class FunctionLawTest {
    /** Calls that are made up for a function, at most, until enough are checked. */
    private static final int CALLS = 40_000;

    /** Calls that are checked for each function. */
    private static final int CHECKS = 3;

    /** Accepted calls without any float in or out, after which a function counts as one that has no gradient. */
    private static final int PLAIN = 40;

    /** Elements of arguments and of results that are checked at most. */
    private static final int SMALL = 100;

    /** Gradients that are so many times greater than the result belong to a point near a pole. */
    private static final double STEEP = 50;

    /** Results below are what is left of terms that cancelled, and mostly rounding. */
    private static final double TINY = 1e-6;

    /** Multiples of it make seeds that have nothing in common. */
    private static final long SCATTER = 0x9E3779B97F4A7C15L;

    /** Places beside a mismatch that are tried as well. */
    private static final int NEARBY = 4;

    /** Functions whose gradient is not that of their values, on purpose. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "Tensor.detached", "cuts the gradient, which is its purpose",
            "Normalised.moved", "statistics are no parameters",
            "Decompositions.qrComplete",
            "completes a base by any vectors; DecompositionsTest checks what holds for all");

    /** What makes arguments of functions that are not smooth, or not what they seem, at others. */
    private static final Map<String, UnaryOperator<Tensor>> PREPARED = Map.of(
            // these read one triangle; their gradient is that among symmetric matrices
            "Decompositions.eigh", FunctionLawTest::symmetric,
            "Decompositions.eigvalsh", FunctionLawTest::symmetric,
            "Triangular.cholesky", FunctionLawTest::symmetric,
            // an element by itself is in the middle of the range, on the edge between bins if their number is even
            "Counting.histc", x -> x.size() == 1 ? Tensor.concat(0, x.reshape(1), x.reshape(1).add(1)) : x,
            // broken powers of negative numbers between the windows are NaN
            "Pooling.norm", Tensor::abs);

    /** A function with arguments, of which the floats may be replaced. */
    private record Call(Method method, Object receiver, Object[] arguments) {
        static Call of(Method method, Tame tame) {
            Object receiver = Modifier.isStatic(method.getModifiers()) ? null : tame.of(method.getDeclaringClass());
            return new Call(method, receiver,
                    Arrays.stream(method.getParameters())
                            .map(parameter -> tame.of(parameter.getName(), parameter.getParameterizedType()))
                            .toArray());
        }

        List<Tensor> tensors() {
            return Parts.tensors(all()).toList();
        }

        private List<Object> all() {
            List<Object> all = new ArrayList<>(Arrays.asList(arguments));
            all.addFirst(Optional.ofNullable(receiver));
            return all;
        }

        Call with(List<Tensor> tensors) {
            Iterator<Tensor> others =
                    tensors.stream().map(PREPARED.getOrDefault(name(method), UnaryOperator.identity())).iterator();
            Object other = Parts.replaced(receiver, others);
            return new Call(method, other, Arrays.stream(arguments).map(x -> Parts.replaced(x, others)).toArray());
        }

        /** The float results one after the other, or nothing if there are none. */
        Optional<Tensor> result() {
            try {
                List<Tensor> results = Parts.tensors(method.invoke(receiver, arguments))
                        .filter(result -> result.dtype() == DType.F64 && result.size() > 0).toList();
                return results.isEmpty() ? Optional.empty()
                        : Optional.of(results.size() == 1 ? results.getFirst()
                                : Tensor.concat(0, results.stream().map(x -> x.reshape(-1)).toArray(Tensor[]::new)));
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof ShapeException refusal) {
                    throw refusal;
                }
                throw new AssertionError(this + " does not refuse", e.getCause());
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public String toString() {
            return PublicMethods.describe(method, receiver, arguments);
        }
    }

    /** What became of the calls of one function. */
    private static final class Tally {
        private int calls;
        private int accepted;
        private int differentiable;
        private int checked;

        private Optional<GradientMismatch> mismatch = Optional.empty();

        boolean isEnough() {
            return checked >= CHECKS || calls >= CALLS || mismatch.isPresent()
                    || accepted >= PLAIN && differentiable == 0;
        }

        /** Those whose results carry no gradient are done when they are accepted. */
        Optional<String> complaint() {
            if (mismatch.isPresent()) {
                return mismatch.map(GradientMismatch::getMessage);
            }
            return accepted > 0 && (checked > 0 || differentiable == 0) ? Optional.empty()
                    : Optional.of("of " + calls + " calls " + accepted + " were accepted, " + differentiable
                            + " of them with float results, but none could be checked; teach Tame what it takes");
        }
    }

    static List<Method> functions() {
        return PublicMethods.all().stream()
                .filter(method -> method.getDeclaringClass().isAssignableFrom(Tensor.class)
                        || method.getDeclaringClass().getPackageName().endsWith(".function"))
                .filter(method -> holdsTensors(method.getGenericReturnType()))
                .toList();
    }

    private static boolean holdsTensors(Type type) {
        return switch (type) {
            case ParameterizedType generic -> Arrays.stream(generic.getActualTypeArguments())
                    .anyMatch(FunctionLawTest::holdsTensors);
            case Class<?> plain when plain.isArray() -> holdsTensors(plain.componentType());
            case Class<?> plain when plain.isRecord() -> Arrays.stream(plain.getRecordComponents())
                    .anyMatch(component -> holdsTensors(component.getGenericType()));
            default -> type == Tensor.class;
        };
    }

    private static String name(Method method) {
        Class<?> owner = method.getDeclaringClass();
        return (owner.isAssignableFrom(Tensor.class) ? "Tensor" : owner.getSimpleName()) + "." + method.getName();
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void gradientsOfPublicFunctionsEqualDifferences(@ForAll long seed) {
        Set<String> complaints = new TreeSet<>();
        for (Method method : functions()) {
            if (EXCEPTIONS.containsKey(name(method))) {
                continue;
            }
            Tally tally = new Tally();
            while (!tally.isEnough()) {
                long own = seed + method.toString().hashCode() + SCATTER * ++tally.calls;
                attempt(method, own, tally);
            }
            tally.complaint().ifPresent(complaint -> complaints.add(method + ": " + complaint));
        }
        assertTrue(complaints.isEmpty(), () -> "with seed " + seed + "\n" + String.join("\n", complaints));
    }

    private static void attempt(Method method, long seed, Tally tally) {
        try {
            Call raw = Call.of(method, new Tame(seed));
            Call call = raw.with(raw.tensors());
            List<Tensor> tensors = call.tensors();
            boolean isFloat = tensors.stream().anyMatch(x -> x.dtype().isFloat() && x.size() > 0);
            if (tensors.stream().mapToInt(Tensor::size).sum() > SMALL) {
                return;
            }
            Optional<Tensor> result = call.result();
            tally.accepted++;
            if (isFloat && result.isPresent()) {
                tally.differentiable++;
                if (result.get().size() <= SMALL && result.get().isFinite().all().item() == 1) {
                    check(call, seed, tally);
                }
            }
        } catch (ShapeException _) {
            // another call will do
        }
    }

    /** A kink or a pole is at one place, a wrong rule everywhere: what fails must fail again nearby. */
    private static void check(Call call, long seed, Tally tally) {
        for (int nearby = 0;; nearby++) {
            try {
                if (checkAt(nearby == 0 ? call : moved(call, seed + nearby * SCATTER), seed)) {
                    tally.checked++;
                }
                return;
            } catch (GradientMismatch mismatch) {
                if (nearby == NEARBY) {
                    tally.mismatch = Optional.of(mismatch);
                    return;
                }
            }
        }
    }

    /** The same call with all floats moved by up to 0.03. */
    private static Call moved(Call call, long seed) {
        Random random = new Random(seed);
        return call.with(call.tensors().stream().map(x -> {
            double[] steps = random.doubles(x.size(), -0.03, 0.03).toArray();
            return x.dtype().isFloat() ? x.add(Tensor.of(steps, x.shape())) : x;
        }).toList());
    }

    private static boolean checkAt(Call call, long seed) {
        List<Tensor> tracked = call.tensors().stream().map(x -> x.dtype().isFloat() ? x.tracked() : x).toList();
        Tensor[] leaves = tracked.stream().filter(Tensor::isTracked).toArray(Tensor[]::new);
        Tensor result = call.with(tracked).result().orElseThrow();
        double greatest = result.detached().abs().max().item();
        if (greatest > 0 && greatest < TINY || result.isTracked() && isSteep(result, greatest, leaves)) {
            return false;
        }
        String label = call + ", seed " + seed;
        GradientCheck.of(label).withSeed(seed).check(given -> call.with(given).result().orElseThrow(),
                call.tensors().toArray(Tensor[]::new));
        if (result.isTracked()) {
            Transposition.check(label, result, leaves, seed);
        }
        return true;
    }

    /** Whether a gradient of first or second order is out of proportion; one that is NaN is not, but a mistake. */
    private static boolean isSteep(Tensor result, double greatest, Tensor[] leaves) {
        double most = STEEP * Math.max(1, greatest);
        List<Tensor> slopes = slopes(result, leaves).toList();
        return Stream.concat(slopes.stream(),
                slopes.stream().filter(Tensor::isTracked).flatMap(slope -> slopes(slope, leaves)))
                .anyMatch(slope -> slope.detached().abs().max().item() > most);
    }

    private static Stream<Tensor> slopes(Tensor result, Tensor[] leaves) {
        return result.vjp(Rng.seed(1).normal(result.shape(), result.dtype()), leaves).values().stream()
                .filter(slope -> slope.size() > 0);
    }

    private static Tensor symmetric(Tensor x) {
        return x.add(x.transpose()).mul(0.5);
    }

    @Test
    void exceptionsExist() {
        Set<String> names = functions().stream().map(FunctionLawTest::name).collect(Collectors.toSet());
        assertTrue(names.containsAll(EXCEPTIONS.keySet()), () -> EXCEPTIONS + " names a function that is not there");
        assertTrue(names.containsAll(PREPARED.keySet()),
                () -> PREPARED.keySet() + " names a function that is not there");
    }
}
