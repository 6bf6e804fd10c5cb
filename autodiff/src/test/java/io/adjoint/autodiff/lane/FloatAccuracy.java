package io.adjoint.autodiff.lane;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/** The greatest errors of the functions in F32. They are measured once, when a test first asks for one. */
public final class FloatAccuracy {
    /** Odd, so that the sampled significands differ in their low bits too. */
    public static final int STRIDE = 16381;

    /** The magnitudes from 1/8 to 128, in which most functions bend, are sampled more closely. */
    public static final int MODERATE_STRIDE = 1021;

    private static final int MODERATE_FROM = Float.floatToRawIntBits(0.125f);
    private static final int MODERATE_TO = Float.floatToRawIntBits(128);

    private static final float[] SPECIAL = {
        0f, 1f, 2f, 3f, 0.5f, 1.5f, 2.5f, Math.nextUp(1f), Math.nextDown(1f), Float.MIN_VALUE, 1e-40f, Float.MIN_NORMAL,
        Math.nextDown(Float.MIN_NORMAL), 0x1p-25f, 0x1p-24f, 0x1p-23f, 0x1p15f, Math.nextDown(0x1p15f), 0x1p22f + 0.5f,
        0x1p23f - 0.5f, 0x1p23f, 0x1p23f + 1, 0x1p24f - 1, 0x1p24f, 0x1p25f, 0x1p31f, 0x1p63f, 0x1p127f,
        Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN,
        // overflow and underflow of exp, exp2, expm1 and the hyperbolic functions, from both sides
        88.72283f, 88.72284f, 89.41598f, 89.41599f, 128f, Math.nextDown(128f), 87.33654f, 87.33655f, 103.97207f,
        103.97208f, 126f, 149f, 150f, Math.nextUp(150f), 16.635532f, 17.328680f,
        // near multiples of pi/2, the last two nearer than any other floats of their size
        1.5707963f, 1.5707964f, 3.1415925f, 3.1415927f, 1.2760181e+10f, 1.6367193e+19f
    };

    /**
     * Where a function is off most.
     *
     * @param error in ulp
     * @param at the argument or arguments
     */
    public record Worst(double error, String at) {}

    private static final class Measured {
        static final Map<FloatFunction, Worst> FUNCTIONS = all(FloatFunction.class, FloatAccuracy::measure);
        static final Map<FloatPair, Worst> PAIRS = all(FloatPair.class, FloatAccuracy::measure);

        static final Map<FloatComposition, Worst> COMPOSITIONS = all(FloatComposition.class, FloatAccuracy::measure);

        private static <E extends Enum<E>> Map<E, Worst> all(Class<E> type, Function<E, Worst> measure) {
            Map<E, Worst> all = new EnumMap<>(type);
            for (E each : type.getEnumConstants()) {
                all.put(each, measure.apply(each));
            }
            return Collections.unmodifiableMap(all);
        }
    }

    private FloatAccuracy() {}

    /** Over every float of a {@link #STRIDE}, moderate ones more closely. */
    public static Worst of(FloatFunction function) {
        return Measured.FUNCTIONS.get(function);
    }

    /** Over the same floats. */
    public static Worst of(FloatComposition composition) {
        return Measured.COMPOSITIONS.get(composition);
    }

    /** Over {@link FloatPair#DRAWS} pairs. */
    public static Worst of(FloatPair pair) {
        return Measured.PAIRS.get(pair);
    }

    private static Worst measure(FloatFunction function) {
        LaneInterpreter interpreter = new LaneInterpreter(function.expression());
        Worst worst = new Worst(0, "0");
        for (float x : arguments()) {
            worst = worse(evaluate(interpreter, x), function.exact(x), x, worst);
        }
        return worst;
    }

    private static Worst measure(FloatComposition composition) {
        float[] arguments = arguments();
        float[] values = composition.apply(arguments);
        Worst worst = new Worst(0, "0");
        for (int i = 0; i < arguments.length; i++) {
            worst = worse(values[i], composition.exact(arguments[i]), arguments[i], worst);
        }
        return worst;
    }

    private static Worst worse(float actual, double exact, float x, Worst before) {
        double error = Ulps.error(actual, exact);
        return error > before.error ? new Worst(error, Float.toString(x)) : before;
    }

    private static float[] arguments() {
        int strides = (int) (((1L << 32) - 1) / STRIDE) + 1;
        int moderate = (MODERATE_TO - MODERATE_FROM - 1) / MODERATE_STRIDE + 1;
        float[] arguments = new float[specials() + strides + 2 * moderate];
        int count = 0;
        for (int i = 0; i < specials(); i++) {
            arguments[count++] = special(i);
        }
        for (int i = 0; i < strides; i++) {
            arguments[count++] = Float.intBitsToFloat(i * STRIDE);
        }
        for (int i = 0; i < moderate; i++) {
            float x = Float.intBitsToFloat(MODERATE_FROM + i * MODERATE_STRIDE);
            arguments[count++] = x;
            arguments[count++] = -x;
        }
        return arguments;
    }

    private static Worst measure(FloatPair pair) {
        LaneInterpreter interpreter = new LaneInterpreter(pair.expression());
        SplittableRandom random = new SplittableRandom(pair.ordinal());
        Worst worst = new Worst(0, "0, 0");
        for (int i = 0; i < FloatPair.DRAWS; i++) {
            float[] next = pair.next(random, i);
            double error = pair.error(evaluate(interpreter, next), next[0], next[1]);
            worst = error > worst.error ? new Worst(error, next[0] + ", " + next[1]) : worst;
        }
        return worst;
    }

    static float evaluate(LaneInterpreter interpreter, float... inputs) {
        long[] bits = new long[inputs.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Integer.toUnsignedLong(Float.floatToRawIntBits(inputs[i]));
        }
        return Float.intBitsToFloat((int) interpreter.evaluate(bits));
    }

    /** How many special values there are. */
    static int specials() {
        return 2 * SPECIAL.length;
    }

    /** The special values and their negatives. */
    static float special(int index) {
        return index % 2 == 0 ? SPECIAL[index / 2] : -SPECIAL[index / 2];
    }
}
