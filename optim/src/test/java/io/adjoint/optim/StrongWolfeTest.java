package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.optim.StrongWolfe.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/**
 * The search along a line ends where both strong conditions of Wolfe hold. Like {@code _strong_wolfe} of PyTorch it has two exits
 * besides: 25 places were tried after the first, or the bracket is shorter than its tolerance.
 */
class StrongWolfeTest {
    private static final int MOST = 26;

    /** A function of one variable, and its slope. */
    private record Curve(DoubleUnaryOperator value, DoubleUnaryOperator slope) {
        Place<Double> at(double x) {
            return new Place<>(x, value.applyAsDouble(x), slope.applyAsDouble(x), x);
        }

        Curve plus(Curve other) {
            return new Curve(x -> value.applyAsDouble(x) + other.value.applyAsDouble(x),
                    x -> slope.applyAsDouble(x) + other.slope.applyAsDouble(x));
        }

        /** The same from right to left. */
        Curve mirrored() {
            return new Curve(x -> value.applyAsDouble(-x), x -> -slope.applyAsDouble(-x));
        }

        static Curve bowl(double steepness, double lowest) {
            return new Curve(x -> steepness * (x - lowest) * (x - lowest), x -> 2 * steepness * (x - lowest));
        }

        /** Convex, and nearly straight far away. */
        static Curve bend(double steepness, double lowest) {
            return new Curve(x -> steepness * Math.hypot(1, x - lowest),
                    x -> steepness * (x - lowest) / Math.hypot(1, x - lowest));
        }

        static Curve quartic(double steepness, double lowest) {
            return new Curve(x -> steepness * Math.pow(x - lowest, 4), x -> 4 * steepness * Math.pow(x - lowest, 3));
        }

        static Curve wave(double height, double frequency, double phase) {
            return new Curve(x -> height * Math.sin(frequency * x + phase),
                    x -> height * frequency * Math.cos(frequency * x + phase));
        }

        /** A valley in a plain. */
        static Curve hole(double depth, double lowest) {
            return new Curve(x -> -depth / (1 + (x - lowest) * (x - lowest)),
                    x -> 2 * depth * (x - lowest) / Math.pow(1 + (x - lowest) * (x - lowest), 2));
        }

        /** Smooth, bounded below, and falling at 0. */
        static Curve random(Random random, boolean isConvex) {
            Curve curve = bowl(Math.pow(10, random.nextDouble(-3, 1)), random.nextDouble(-5, 5));
            for (int i = random.nextInt(4); i > 0; i--) {
                double size = Math.pow(10, random.nextDouble(-2, 1));
                double place = random.nextDouble(-5, 5);
                curve = curve.plus(switch (random.nextInt(isConvex ? 2 : 4)) {
                    case 0 -> bend(size, place);
                    case 1 -> quartic(size / 10, place);
                    case 2 -> wave(size, random.nextDouble(0.1, 10), place);
                    default -> hole(size, place);
                });
            }
            return curve.at(0).slope() < 0 ? curve : curve.mirrored();
        }
    }

    /** A search, and where it looked. */
    private record Search(Place<Double> origin, List<Place<Double>> tried, Place<Double> found) {
        static Search along(Curve curve, double start, double scale, double tolerance) {
            List<Place<Double>> tried = new ArrayList<>();
            Place<Double> origin = curve.at(0);
            Place<Double> found = new StrongWolfe<Double>(x -> {
                tried.add(curve.at(x));
                return tried.getLast();
            }, scale, tolerance).find(origin, start);
            return new Search(origin, tried, found);
        }

        double at(int i) {
            return tried.get(i).at();
        }

        boolean isLowEnough() {
            return found.value() <= origin.value() + 1e-4 * found.at() * origin.slope();
        }

        boolean isFlatEnough() {
            return Math.abs(found.slope()) <= 0.9 * Math.abs(origin.slope());
        }

        /** Whether the other end of a bracket may be as near as this. */
        boolean hasNeighbour(double distance) {
            return DoubleStream.concat(DoubleStream.of(0), tried.stream().mapToDouble(Place::at))
                    .anyMatch(x -> x != found.at() && Math.abs(x - found.at()) < distance);
        }
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void bothConditionsHold(@ForAll long seed, @ForAll boolean isConvex,
            @ForAll @DoubleRange(min = -3, max = 1) double start) {
        Random random = new Random(seed);
        Curve curve = Curve.random(random, isConvex);
        double scale = random.nextDouble(0.1, 10);
        double tolerance = 1e-9;
        Search search = Search.along(curve, Math.pow(10, start), scale, tolerance);
        boolean isFulfilled = search.isLowEnough() && search.isFlatEnough();
        assertTrue(isFulfilled || search.tried.size() == MOST || search.hasNeighbour(tolerance / scale),
                () -> "started at " + Math.pow(10, start) + ": " + search);
        assertTrue(search.found.value() <= search.origin.value(), search::toString);
        assertTrue(search.tried.size() <= MOST, search::toString);
        assertTrue(search.tried.stream().allMatch(place -> place.at() > 0), search::toString);
        // the other exits are rare
        Statistics.label("fulfilled").collect(isFulfilled)
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 95));
    }

    /** The cubic through two places of a parabola is the parabola, but it is not followed farther than ten times as far. */
    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void ofAParabolaTheSecondPlaceInReachIsTheLowest(@ForAll @DoubleRange(min = -3, max = 3) double steepness,
            @ForAll @DoubleRange(min = -3, max = 3) double lowest,
            @ForAll @DoubleRange(min = -3, max = 3) double start) {
        double best = Math.pow(10, lowest);
        double first = Math.pow(10, start);
        Search search = Search.along(Curve.bowl(Math.pow(10, steepness), best), first, 1, 0);
        assertTrue(search.isLowEnough() && search.isFlatEnough(), search::toString);
        int strides = (int) Math.max(0, Math.ceil(Math.log10(best / first)));
        assertTrue(search.tried.size() <= 2 + strides, search::toString);
        if (search.found.at() != first
                && search.found.at() < 10 * search.at(search.tried.size() - 2) / 1.01) {
            assertEquals(best, search.found.at(), 1e-6 * best, search::toString);
        }
    }

    @Test
    void aFirstPlaceThatFulfilsBothIsTaken() {
        Search search = Search.along(Curve.bowl(1, 1), 0.5, 1, 1e-9);
        assertEquals(List.of(search.found), search.tried);
        assertEquals(0.5, search.found.at());
    }

    /** Slope and value are looked at by themselves: each of these places fulfils one condition and fails the other. */
    @Test
    void onePlaceForEachCondition() {
        Curve bowl = Curve.bowl(1, 1);
        // slope -2 at 0: at 0.05 it is -1.9, too steep; at 0.1 it is -1.8, just flat enough
        assertEquals(2, Search.along(bowl, 0.05, 1, 1e-9).tried.size());
        assertEquals(1, Search.along(bowl, 0.1 + 1e-9, 1, 1e-9).tried.size());
        // at 1.9 the slope is 1.8; beyond, it rises too steeply
        assertEquals(1, Search.along(bowl, 1.9 - 1e-9, 1, 1e-9).tried.size());
        assertEquals(2, Search.along(bowl, 1.95, 1, 1e-9).tried.size());
        // slope -1 at 0: at 10 it is almost 0, but -10 exp(-10) is above -1e-4 10; at 9 it is not
        Curve plain = new Curve(x -> -x * Math.exp(-x), x -> (x - 1) * Math.exp(-x));
        assertEquals(1, Search.along(plain, 9, 1, 1e-9).tried.size());
        Search search = Search.along(plain, 10, 1, 1e-9);
        assertTrue(search.tried.size() > 1 && search.isLowEnough() && search.isFlatEnough(), search::toString);
    }

    /** First exit, on the way out: a line has no end. */
    @Test
    void aLineIsFollowedTenTimesAsFarEachTime() {
        Search search = Search.along(new Curve(x -> -x, _ -> -1), 1, 1, 1e-9);
        assertEquals(MOST, search.tried.size());
        assertEquals(search.tried.getLast(), search.found);
        for (int i = 0; i < MOST; i++) {
            assertEquals(Math.pow(10, i), search.tried.get(i).at(), 1e-9 * Math.pow(10, i));
        }
    }

    /** A kink: nowhere is it flat. */
    private static Curve kink(double at, double left, double right) {
        return new Curve(x -> x < at ? left * (at - x) : right * (x - at), x -> x < at ? -left : right);
    }

    /** First exit, in the bracket. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void aKinkTakesAllPlaces(@ForAll @DoubleRange(min = 0.1, max = 5) double at,
            @ForAll @DoubleRange(min = 0.1, max = 5) double start) {
        Search search = Search.along(kink(at, 1, 1.5), start, 1, 0);
        assertEquals(MOST, search.tried.size());
        assertEquals(search.tried.stream().mapToDouble(Place::value).min().getAsDouble(), search.found.value());
        assertTrue(Math.abs(search.found.at() - at) < start + at, search::toString);
    }

    /** Second exit: no parameter would move by more than the tolerance. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void aBracketOfAKinkEndsAtItsTolerance(@ForAll @DoubleRange(min = 0.1, max = 5) double at,
            @ForAll @DoubleRange(min = 0.1, max = 5) double start,
            @ForAll @DoubleRange(min = 0.1, max = 10) double scale) {
        double tolerance = 0.05;
        Search search = Search.along(kink(at, 1, 1.5), start, scale, tolerance);
        assertTrue(search.tried.size() < MOST, search::toString);
        assertTrue(search.hasNeighbour(tolerance / scale), search::toString);
        assertTrue(Math.abs(search.found.at() - at) * scale < tolerance, search::toString);
    }

    /** Where a search looks that finds these values in turn, the last of them ever after, and begins at 1 with slope -1. */
    private static Search scripted(double tolerance, double slope, double... values) {
        List<Place<Double>> tried = new ArrayList<>();
        Place<Double> origin = new Place<>(0, 0, -1, 0.0);
        Place<Double> found = new StrongWolfe<Double>(x -> {
            tried.add(new Place<>(x, values[Math.min(tried.size(), values.length - 1)], slope, x));
            return tried.getLast();
        }, 1, tolerance).find(origin, 1);
        return new Search(origin, tried, found);
    }

    /** A place that is too high, but lower than the lower end, becomes that end, as in PyTorch. */
    @Test
    void theLowerEndIsTheLowest() {
        Search search = scripted(0.5, 1, 1, -1e-6);
        assertEquals(2, search.tried.size());
        assertEquals(search.tried.getLast(), search.found);
    }

    /** From the third place on one that is not lower than the last ends the way out; the second may be higher. */
    @Test
    void aRiseIsBetweenTheLastTwoPlaces() {
        Search search = scripted(1e-9, -0.95, -1, -0.9, -1.5, -1.4, -1.45);
        assertTrue(search.at(1) > search.at(0) && search.at(2) > search.at(1) && search.at(3) > search.at(2),
                search::toString);
        assertTrue(search.at(2) < search.at(4) && search.at(4) < search.at(3), search::toString);
    }

    /** A place near an end is taken once, and then one that is a tenth of the bracket away from it. */
    @Test
    void everySecondPlaceNarrowsTheBracketByATenth() {
        Search search = scripted(0, 1, 1000);
        assertEquals(MOST, search.tried.size());
        assertEquals(search.origin, search.found);
        for (int i = 1; i < 5; i += 2) { // after that the bracket is too small for the digits of the formula
            // d1 = -3 1000 / w, d2 = d1 but for the last digits, and w (1 - (1 - 2 d1) / (2 - 2 d1)) = w / (2 - 2 d1)
            double width = search.at(i - 1);
            assertEquals(width / (2 + 6000 / width), search.at(i), 1e-3 * search.at(i));
            assertEquals(0.1 * search.at(i), search.at(i + 1), 1e-9 * search.at(i));
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void whereThereIsNoNumberIsTooFar(@ForAll @DoubleRange(min = 0.1, max = 10) double wall,
            @ForAll @DoubleRange(min = 0.5, max = 10) double pull,
            @ForAll @DoubleRange(min = -2, max = 2) double start) {
        double slope = 1 / wall + pull;
        Curve barrier = new Curve(x -> -Math.log(wall - x) - slope * x, x -> 1 / (wall - x) - slope);
        Search search = Search.along(barrier, Math.pow(10, start), 1, 1e-9);
        assertTrue(search.isLowEnough() && search.isFlatEnough(), search::toString);
        assertTrue(search.found.at() < wall, search::toString);
    }

    private static double cubic(double left, double leftValue, double leftSlope, double right, double rightValue,
            double rightSlope, double least, double most) {
        return StrongWolfe.cubic(new Place<>(left, leftValue, leftSlope, 0),
                new Place<>(right, rightValue, rightSlope, 0),
                least, most);
    }

    @Test
    void theLowestPlaceOfACubicByHand() {
        // (x - 2)^2 from 0 and 1: d1 = -4 - 2 - 3 (4 - 1) / (0 - 1) = 3, d2 = sqrt(9 - 8) = 1, 1 - (-2 + 1 - 3) / (-2 + 4 + 2) = 2
        assertEquals(2, cubic(0, 4, -4, 1, 1, -2, 0, 10));
        // x^3 - 3 x from 0 and 2: d1 = -3 + 9 - 3 (0 - 2) / (0 - 2) = 3, d2 = sqrt(9 + 27) = 6, 2 - 2 (9 + 6 - 3) / (9 + 3 + 12) = 1
        assertEquals(1, cubic(0, 0, -3, 2, 2, 9, 0, 2));
        // the same turned round, 3 x - x^3 from -2 and 0: its lowest place is -1
        assertEquals(-1, cubic(-2, 2, -9, 0, 0, 3, -2, 0));
        // within bounds
        assertEquals(1.5, cubic(0, 4, -4, 1, 1, -2, 0, 1.5));
        assertEquals(1.25, cubic(0, 0, -3, 2, 2, 9, 1.25, 2));
        // x^3 + x from -1 and 1: d1 = 4 + 4 - 3 (-2 - 2) / (-1 - 1) = 2, and 4 - 16 has no root
        assertEquals(0.25, cubic(-1, -2, 4, 1, 2, 4, -1, 1.5));
        // a line falls without end
        assertEquals(7, cubic(0, 0, -1, 1, -1, -1, 1, 7));
        assertEquals(4, cubic(0, 0, -1, 1, Double.NaN, Double.NaN, 1, 7));
        assertEquals(4, cubic(0, 0, -1, 1, Double.POSITIVE_INFINITY, 1, 1, 7));
    }

    /**
     * {@code c (x^3 / 3 - (m + h) x^2 / 2 + m h x)} has its slope 0 at m and h; which is the lowest, the sign of c says. Where the slope
     * falls from left to right, the formula may divide 0 by 0.
     */
    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void theLowestPlaceOfAnyCubic(@ForAll @DoubleRange(min = 0.1, max = 10) double factor,
            @ForAll @DoubleRange(min = -5, max = 5) double lowest,
            @ForAll @DoubleRange(min = 0.5, max = 5) double toHighest, @ForAll boolean isTurned,
            @ForAll @DoubleRange(min = -5, max = 5) double left,
            @ForAll @DoubleRange(min = 0.5, max = 5) double apart) {
        double sign = isTurned ? -1 : 1;
        double highest = lowest - sign * toHighest;
        double c = sign * factor;
        Curve curve = new Curve(
                x -> c * (x * x * x / 3 - (lowest + highest) * x * x / 2 + lowest * highest * x),
                x -> c * (x - lowest) * (x - highest));
        Assume.that(curve.at(left + apart).slope() > curve.at(left).slope());
        assertEquals(lowest, StrongWolfe.cubic(curve.at(left), curve.at(left + apart), -1e9, 1e9), 1e-6);
    }
}
