package io.adjoint.autodiff.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.ActivationMethods;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ElementwiseMethods;
import io.adjoint.autodiff.RectifierMethods;
import io.adjoint.autodiff.SpecialMethods;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Sampler;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function of floats is rounded correctly, or has a bound that is guaranteed and documented. */
class FloatCoverageTest {
    /** Constants of one or two floats, which give one. */
    static Stream<Elementwise> functions() {
        return Catalogue.entries().stream().filter(entry -> entry.type().isEnum())
                .map(entry -> entry.sample(new Sampler(0, DType.F32)))
                .filter(sample -> sample.inputs().getFirst().dtype() == DType.F32
                        && sample.op().infer(sample.inputs().stream().map(x -> x.spec()).toList()).dtype() == DType.F32)
                .map(sample -> (Elementwise) sample.op());
    }

    @ParameterizedTest
    @MethodSource("functions")
    void isRoundedCorrectlyOrHasABound(Elementwise function) {
        String name = function.id().toUpperCase(Locale.ROOT);
        if (Stream.concat(Arrays.stream(FloatFunction.values()), Arrays.stream(FloatPair.values()))
                .anyMatch(bounded -> bounded.name().equals(name))) {
            return;
        }
        LaneInterpreter single = new LaneInterpreter(numerics(function, DType.F32));
        LaneInterpreter exact = new LaneInterpreter(numerics(function, DType.F64));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            float x = Float.intBitsToFloat(random.nextInt());
            float y = i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) (x * random.nextDouble(-3, 3));
            double wanted = Double.longBitsToDouble(
                    exact.evaluate(Double.doubleToRawLongBits(x), Double.doubleToRawLongBits(y)));
            float actual = FloatAccuracy.evaluate(single, x, y);
            double error = Ulps.error(actual, wanted);
            boolean isStep = function.gradient().absence().isPresent(); // off by one where a quotient is nearly whole
            assertTrue(error <= 0.5 || isStep && Math.abs(actual - wanted) <= 1, () -> function + " of " + x + " and "
                    + y + " is off by " + error + " ulp; it belongs among the functions of FloatFunction or FloatPair");
        }
    }

    /** Methods of one tensor and of numbers, but those that are one operation. */
    static Stream<String> compositions() {
        Set<String> operations =
                functions().map(operation -> operation.id().replace("_", "")).collect(Collectors.toSet());
        List<Class<?>> families = List.of(
                ElementwiseMethods.class, ActivationMethods.class, RectifierMethods.class, SpecialMethods.class);
        return families.stream().flatMap(family -> Stream.of(family.getMethods()))
                .filter(method -> method.getReturnType() == Tensor.class && !Modifier.isStatic(method.getModifiers())
                        && Stream.of(method.getParameterTypes()).allMatch(type -> type == double.class)
                        && (method.getParameterCount() > 0
                                || !operations.contains(method.getName().toLowerCase(Locale.ROOT))))
                .map(method -> method.getName()).distinct();
    }

    @ParameterizedTest
    @MethodSource("compositions")
    void aCompositionHasABound(String method) {
        assertTrue(Arrays.stream(FloatComposition.values()).anyMatch(bounded -> bounded.method().equals(method)),
                () -> method + " belongs among the functions of FloatComposition");
    }

    private static Lane numerics(Elementwise function, DType dtype) {
        return function.numerics(
                IntStream.range(0, function.arity().least()).mapToObj(i -> Lane.input(i, dtype)).toList());
    }

    /** What is measured under a name is what the operation of that name computes. */
    @ParameterizedTest
    @EnumSource
    void theMeasuredFunctionIsTheOperation(FloatFunction function) {
        List<Elementwise> operations =
                functions().filter(op -> op.id().toUpperCase(Locale.ROOT).equals(function.name())).toList();
        LaneInterpreter measured = new LaneInterpreter(function.expression());
        for (Elementwise operation : operations) {
            LaneInterpreter applied = new LaneInterpreter(numerics(operation, DType.F32));
            for (int i = 0; i < FloatAccuracy.specials(); i++) {
                float x = FloatAccuracy.special(i);
                assertEquals(FloatAccuracy.evaluate(applied, x), FloatAccuracy.evaluate(measured, x));
            }
        }
    }
}
