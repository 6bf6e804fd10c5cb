package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SelectionTest {
    private record Net(Sequential encoder, Linear head) implements Layer {
        @Override
        public io.adjoint.autodiff.Tensor forward(io.adjoint.autodiff.Tensor x) {
            return head.forward("head", encoder.forward("encoder", x));
        }
    }

    private final Rng rng = Rng.seed(1);
    private final Net net = new Net(
            Sequential.of(Linear.of(4, 3, rng.stream(0)), Dropout.of(0.5, rng.stream(1)),
                    Sequential.of(Linear.of(3, 2, rng.stream(2)))),
            Linear.of(2, 5, rng.stream(3)));
    private final Selection all = Selection.of(net);

    private static List<String> paths(Selection selection) {
        return List.copyOf(selection.variables().keySet());
    }

    @Test
    void parametersAndBuffersByPath() {
        assertEquals(List.of("encoder.0.weight", "encoder.0.bias", "encoder.1.key", "encoder.2.0.weight",
                "encoder.2.0.bias", "head.weight", "head.bias"), paths(all));
        assertEquals(List.of("encoder.1.key"), paths(Selection.buffersOf(net)));
        assertEquals(6, Selection.parametersOf(net).variables().size());
        assertSame(net.head.weight(), Selection.parametersOf(net).variables().get("head.weight"));
    }

    @Test
    void sizes() {
        assertEquals(4 * 3 + 3 + 3 * 2 + 2 + 2 * 5 + 5, Selection.parametersOf(net).elements());
        assertEquals(15, Selection.parametersOf(all.only("head")).elements());
        assertEquals(15 * 4, all.only("head").bytes());
        assertEquals(2 * 8, Selection.buffersOf(net).bytes());
    }

    @Test
    void patterns() {
        assertEquals(List.of("head.weight", "head.bias"), paths(all.only("head")));
        assertEquals(List.of("head.weight", "head.bias"), paths(all.without("encoder")));
        assertEquals(List.of("head.weight", "head.bias"), paths(all.without("encoder.**")));
        assertEquals(List.of("head.bias"), paths(all.only("*.bias")));
        assertEquals(List.of("encoder.0.bias", "encoder.2.0.bias", "head.bias"), paths(all.only("**.bias")));
        assertEquals(List.of("encoder.0.weight", "encoder.2.0.weight"), paths(all.only("encoder.**.w*t")));
        assertEquals(List.of("encoder.2.0.weight", "encoder.2.0.bias"), paths(all.only("encoder.2")));
        assertEquals(List.of("encoder.0.weight", "encoder.2.0.weight"),
                paths(all.only("encoder").without("**.bias", "**.key")));
        assertEquals(paths(all), paths(all.only("*")));
        assertEquals(List.of(), paths(all.without("**")));
        assertEquals(List.of("head.weight", "head.bias"), List.copyOf(all.only("head").variables().keySet()));
    }

    /** A name is a name as a whole: what only begins with it is another one, and a dot is a dot. */
    @Test
    void patternsOfOtherNamesAreRefused() {
        ShapeException e = assertThrows(ShapeException.class, () -> all.without("enc"));
        assertEquals("select: no variable has such a path: pattern enc; expected a pattern of encoder.0.weight, "
                + "encoder.0.bias, encoder.1.key, encoder.2.0.weight, encoder.2.0.bias, head.weight, head.bias",
                e.getMessage());
        for (String other : List.of("head.weight.x", "encoder.0.0", "head.w", "headXbias", "*.*.*.*.*", "bias")) {
            assertThrows(ShapeException.class, () -> all.only(other), other);
        }
        assertThrows(ShapeException.class, () -> all.only("head").without("encoder"));
        assertEquals(
                "pattern: an empty name: pattern \"head.\"; expected names joined by dots, such as encoder.*.weight",
                assertThrows(ShapeException.class, () -> all.only("head.")).getMessage());
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("a", "b", "ab", "0");
    }

    /** What a pattern of stars matches, by going through all ways of leaving out names. */
    @Property(tries = 300)
    void anyNumberOfNames(@ForAll @Size(min = 1, max = 5) List<@From("names") String> names,
            @ForAll @Size(min = 1, max = 4) List<@From("names") String> others) {
        String path = String.join(".", names);
        List<String> pieces = new ArrayList<>(others);
        for (int star = 0; star <= others.size(); star++) {
            pieces.add(star, "**");
            List<String> before = others.subList(0, star);
            List<String> after = others.subList(star, others.size());
            boolean expected = names.size() >= others.size() && names.subList(0, star).equals(before)
                    && names.subList(names.size() - after.size(), names.size()).equals(after);
            PathPattern pattern = PathPattern.of(String.join(".", pieces)).getFirst();
            assertEquals(expected, pattern.matches(path), pattern + " and " + path);
            pieces.remove(star);
        }
        boolean isAbove = names.size() >= others.size() && names.subList(0, others.size()).equals(others);
        assertEquals(isAbove, PathPattern.of(String.join(".", others)).getFirst().covers(path));
    }

    @Test
    void starsWithinNames() {
        for (String pattern : List.of("a*b*c", "*abc", "abc*", "a*", "*c", "***", "a**c", "*b*", "*", "abc", "a*bc*")) {
            assertEquals(true, PathPattern.of(pattern).getFirst().matches("abc"), pattern);
        }
        for (String pattern : List.of("a*b", "*ab", "abcc*", "abc*c", "ab*bc", "*bb*", "b*", "*c*b*", "ABC", "a?c")) {
            assertEquals(false, PathPattern.of(pattern).getFirst().matches("abc"), pattern);
        }
    }

    /** A path from a file has as many names as it likes, and names as long as it likes. */
    @Test
    void pathsWithoutMeasure() {
        PathPattern pattern = PathPattern.of("**.a.**.a.**.a.**.a*a*a*b").getFirst();
        assertEquals(false, pattern.covers("a.".repeat(8000) + "a"));
        assertEquals(false, pattern.covers("a".repeat(16_000)));
        assertEquals(true, pattern.covers("a.".repeat(8000) + "aaaab"));
    }
}
