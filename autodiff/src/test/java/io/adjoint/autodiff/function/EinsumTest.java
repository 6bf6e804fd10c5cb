package io.adjoint.autodiff.function;

import static io.adjoint.autodiff.function.Einsum.einsum;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EinsumTest {
    /** A random equation: labels as characters, of which digits stand for the axes of the ellipsis. */
    private record Equation(String text, List<String> operands, String output, Map<Character, Integer> extents,
            List<Tensor> tensors) {
        static Equation random(long seed) {
            Random random = new Random(seed);
            Map<Character, Integer> extents = new TreeMap<>();
            for (char c : "abCD12".toCharArray()) {
                extents.put(c, random.nextInt(12) == 0 ? 0 : random.nextInt(1, 4));
            }
            List<String> operands = new ArrayList<>();
            List<Tensor> tensors = new ArrayList<>();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                String labels = letters(random, random.nextInt(4));
                int at = random.nextInt(labels.length() + 1);
                String axes = List.of("", "", "2", "12").get(random.nextInt(4));
                labels = labels.substring(0, at) + axes + labels.substring(at);
                operands.add(labels);
                String all = labels;
                int[] dims = all.chars().map(c -> random.nextInt(5) == 0 && all.indexOf(c) == all.lastIndexOf(c)
                        ? 1 : extents.get((char) c)).toArray();
                tensors.add(Rng.seed(seed).stream(i).normal(Shape.of(dims), DType.F64));
            }
            // what only stretching axes carry has the extent 1
            Map<Character, Integer> real = new TreeMap<>();
            for (int i = 0; i < operands.size(); i++) {
                for (int axis = 0; axis < operands.get(i).length(); axis++) {
                    real.merge(operands.get(i).charAt(axis), tensors.get(i).dim(axis), (a, b) -> a == 1 ? b : a);
                }
            }
            String output = output(random, operands, real);
            String text = operands.stream().map(Equation::withDots).collect(Collectors.joining(" , ")) + "->"
                    + withDots(output);
            return new Equation(text, operands, output, real, tensors);
        }

        private static String letters(Random random, int count) {
            return random.ints(count, 0, 4).mapToObj(i -> "abCD".substring(i, i + 1)).collect(Collectors.joining());
        }

        private static String output(Random random, List<String> operands, Map<Character, Integer> extents) {
            List<String> parts = new ArrayList<>();
            extents.keySet().stream().filter(Character::isLetter).filter(_ -> random.nextBoolean())
                    .forEach(c -> parts.add(c.toString()));
            String axes = extents.keySet().stream().filter(Character::isDigit).map(String::valueOf)
                    .collect(Collectors.joining());
            if (!axes.isEmpty() && random.nextInt(4) > 0) {
                parts.add(axes);
            }
            Collections.shuffle(parts, random);
            return String.join("", parts);
        }

        private static String withDots(String labels) {
            return labels.replaceAll("[12]+", "...");
        }

        /** The sum of products, term by term. */
        Tensor naive() {
            int[] dims = output.chars().map(c -> extents.get((char) c)).toArray();
            double[] sums = new double[Shape.of(dims).size()];
            add(new TreeMap<>(), List.copyOf(extents.keySet()), sums);
            return Tensor.of(sums, Shape.of(dims));
        }

        private void add(Map<Character, Integer> at, List<Character> open, double[] sums) {
            if (open.isEmpty()) {
                double product = 1;
                for (int i = 0; i < operands.size(); i++) {
                    product *= tensors.get(i).toDoubles()[place(operands.get(i), tensors.get(i).shape(), at)];
                }
                int[] dims = output.chars().map(c -> extents.get((char) c)).toArray();
                sums[place(output, Shape.of(dims), at)] += product;
                return;
            }
            for (int i = 0; i < extents.get(open.getFirst()); i++) {
                at.put(open.getFirst(), i);
                add(at, open.subList(1, open.size()), sums);
            }
        }

        private static int place(String labels, Shape shape, Map<Character, Integer> at) {
            int place = 0;
            for (int axis = 0; axis < labels.length(); axis++) {
                place = place * shape.dim(axis) + (shape.dim(axis) == 1 ? 0 : at.get(labels.charAt(axis)));
            }
            return place;
        }
    }

    @Property(tries = 1000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void isTheSumOfProducts(@ForAll long seed) {
        Equation equation = Equation.random(seed);
        Tensor expected = equation.naive();
        Tensor actual = einsum(equation.text(), equation.tensors().toArray(Tensor[]::new));
        assertEquals(expected.spec(), actual.spec(), equation.text());
        assertArrayEquals(expected.toDoubles(), actual.toDoubles(), 1e-12, equation.text());
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void hasGradientsOfBothOrders(@ForAll long seed) {
        Equation equation = Equation.random(seed);
        GradientCheck.of(equation.text()).withSeed(seed).check(
                in -> einsum(equation.text(), in.toArray(Tensor[]::new)), equation.tensors().toArray(Tensor[]::new));
    }

    @Test
    void withoutAnArrowTheResultHasWhatOccursOnceInTheOrderOfTheAlphabet() {
        Tensor x = Rng.seed(1).normal(Shape.of(2, 3), DType.F64);
        assertTrue(einsum("ba", x).sameBits(x.transpose()));
        assertTrue(einsum("aB", x).sameBits(x.transpose()), "capitals come first");
        assertTrue(einsum("ab", x).sameBits(x));
        Tensor square = Rng.seed(2).normal(Shape.of(3, 3), DType.F64);
        assertEquals(Shape.scalar(), einsum("ii", square).shape());
        Tensor batch = Rng.seed(3).normal(Shape.of(4, 2, 3), DType.F64);
        assertEquals(Shape.of(4, 2, 5), einsum("...j,jk", batch, Tensor.zeros(3, 5).cast(DType.F64)).shape());
    }

    @Test
    void integersAreExactAndTruthValuesDoNotMultiply() {
        Tensor a = Tensor.of(new long[] {1, 2, 3, 1L << 40}, 2, 2);
        Tensor trace = einsum("ij,ji->", a, a);
        assertEquals(DType.I64, trace.dtype());
        assertEquals(1 + 6 + 6, trace.toLongs()[0], "2^80 is 0 modulo 2^64");
        Tensor flags = Tensor.of(new boolean[] {true, false}, 2);
        assertEquals(DType.BOOL, einsum("i->i", flags).dtype());
        assertThrows(ShapeException.class, () -> einsum("i,i->i", flags, flags));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ij,jk->ik | einsum: another number of operands: equation 'ij,jk->ik', operands 1; expected 2",
        "ijk       | einsum: the labels do not fit the operand: equation 'ijk', operand 0 [2, 3]; expected 3 axes",
        "...ijk    | einsum: the labels do not fit the operand: equation '...ijk', operand 0 [2, 3]; expected at least 3 axes",
        "i1        | einsum: a character that means nothing here: equation 'i1', at 1; expected letters, spaces, commas, one arrow, and an ellipsis once in an operand",
        "i..j      | einsum: a character that means nothing here: equation 'i..j', at 1; expected letters, spaces, commas, one arrow, and an ellipsis once in an operand",
        "ij->ij->i | einsum: a character that means nothing here: equation 'ij->ij->i', at 6; expected letters, spaces, commas, one arrow, and an ellipsis once in an operand",
        "ij->ik    | einsum: a label of the result is unknown, or stands twice: equation 'ij->ik', label k; expected labels of operands, each once",
        "ij->ii    | einsum: a label of the result is unknown, or stands twice: equation 'ij->ii', label i; expected labels of operands, each once",
        "ii        | einsum: extents of a label differ: equation 'ii', label i, operands [[2, 3]], extents 2 and 3; expected equal extents, or 1 in another operand"
    })
    void wrongEquationsAreRefused(String equation, String message) {
        assertEquals(message, assertThrows(ShapeException.class, () -> einsum(equation, Tensor.zeros(2, 3)))
                .getMessage());
    }

    @Test
    void extentsThatDifferAreRefused() {
        assertEquals("einsum: extents of a label differ: equation 'ij,jk', label j, operands [[2, 3], [4, 5]], "
                + "extents 3 and 4; expected equal extents, or 1 in another operand",
                assertThrows(ShapeException.class, () -> einsum("ij,jk", Tensor.zeros(2, 3), Tensor.zeros(4, 5)))
                        .getMessage());
        assertThrows(ShapeException.class, () -> einsum("", new Tensor[0]));
        assertEquals(7, einsum("", Tensor.scalar(7f)).item());
        assertEquals("[2, 3]", Arrays.toString(einsum("...", Tensor.zeros(2, 3)).shape().dims()));
    }
}
