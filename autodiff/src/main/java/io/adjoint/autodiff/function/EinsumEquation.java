package io.adjoint.autodiff.function;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An equation of {@link Einsum}, fitted to operands. A label is the letter's code; the axes of an ellipsis have negative ones,
 * the innermost -1.
 *
 * @param operands the label of each axis of each operand
 * @param output the label of each axis of the result
 * @param extents of each label; an axis of extent 1 stretches to it
 */
record EinsumEquation(List<List<Integer>> operands, List<Integer> output, Map<Integer, Integer> extents) {
    private static final String NAME = "einsum";

    int extent(int label) {
        return extents.get(label);
    }

    /** In how many operands a label occurs, with more than a stretching axis. */
    long operandsWith(int label) {
        return operands.stream().filter(labels -> labels.contains(label)).count();
    }

    static EinsumEquation parse(String equation, Tensor[] operands) {
        int arrow = equation.indexOf("->");
        int end = arrow < 0 ? equation.length() : arrow;
        List<List<Integer>> labels = new ArrayList<>();
        int start = 0;
        while (start <= end) {
            int comma = equation.indexOf(',', start);
            int stop = comma < 0 || comma > end ? end : comma;
            if (labels.size() < operands.length) {
                labels.add(operand(equation, start, stop, labels.size(), operands[labels.size()]));
            } else {
                labels.add(List.of());
            }
            start = stop + 1;
        }
        if (labels.size() != operands.length) {
            throw ShapeException.of(NAME, "another number of operands").operand("equation", quoted(equation))
                    .operand("operands", operands.length).expected(Integer.toString(labels.size()));
        }
        Map<Integer, Integer> extents = extents(equation, labels, operands);
        List<Integer> output = arrow < 0 ? implied(labels) : output(equation, arrow + 2, extents);
        return new EinsumEquation(labels, output, extents);
    }

    /** The labels of an operand, read from a part of the equation. */
    private static List<Integer> operand(String equation, int start, int stop, int number, Tensor operand) {
        List<Integer> read = read(equation, start, stop);
        int ellipses = Collections.frequency(read, 0);
        int covered = operand.rank() - (read.size() - ellipses);
        if (covered < 0 || ellipses == 0 && covered > 0) {
            throw ShapeException.of(NAME, "the labels do not fit the operand").operand("equation", quoted(equation))
                    .operand("operand " + number, operand.shape())
                    .expected((ellipses == 0 ? "" : "at least ") + (read.size() - ellipses) + " axes");
        }
        return spread(read, covered);
    }

    /** Letters as they stand, and 0 for an ellipsis, which may occur once. */
    private static List<Integer> read(String equation, int start, int stop) {
        List<Integer> labels = new ArrayList<>();
        for (int i = start; i < stop; i++) {
            char c = equation.charAt(i);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
                labels.add((int) c);
            } else if (c == '.' && equation.startsWith("...", i) && i + 3 <= stop && !labels.contains(0)) {
                labels.add(0);
                i += 2;
            } else if (c != ' ') {
                throw ShapeException.of(NAME, "a character that means nothing here")
                        .operand("equation", quoted(equation)).operand("at", i)
                        .expected("letters, spaces, commas, one arrow, and an ellipsis once in an operand");
            }
        }
        return labels;
    }

    /** The labels with those of an ellipsis over this many axes in place of 0. */
    private static List<Integer> spread(List<Integer> read, int covered) {
        List<Integer> labels = new ArrayList<>();
        for (int label : read) {
            for (int i = covered; label == 0 && i > 0; i--) {
                labels.add(-i);
            }
            if (label != 0) {
                labels.add(label);
            }
        }
        return labels;
    }

    private static Map<Integer, Integer> extents(String equation, List<List<Integer>> labels, Tensor[] operands) {
        Map<Integer, Integer> extents = new TreeMap<>();
        for (int i = 0; i < operands.length; i++) {
            Map<Integer, Integer> own = new TreeMap<>();
            for (int axis = 0; axis < operands[i].rank(); axis++) {
                int label = labels.get(i).get(axis);
                int extent = operands[i].dim(axis);
                requireEqual(equation, label, own.merge(label, extent, (old, _) -> old), extent, operands);
                int known = extents.merge(label, extent, (old, found) -> old == 1 ? found : old);
                requireEqual(equation, label, known, extent == 1 ? known : extent, operands);
            }
        }
        return extents;
    }

    private static void requireEqual(String equation, int label, int first, int second, Tensor[] operands) {
        if (first != second) {
            throw ShapeException.of(NAME, "extents of a label differ").operand("equation", quoted(equation))
                    .operand("label", name(label))
                    .operand("operands", Arrays.stream(operands).map(Tensor::shape).toList())
                    .operand("extents", first + " and " + second).expected("equal extents, or 1 in another operand");
        }
    }

    /** The ellipsis, then the letters that occur once, in the order of their codes. */
    private static List<Integer> implied(List<List<Integer>> labels) {
        Map<Integer, Integer> counts = new TreeMap<>();
        labels.forEach(list -> list.forEach(label -> counts.merge(label, 1, Integer::sum)));
        return counts.keySet().stream().filter(label -> label < 0 || counts.get(label) == 1).toList();
    }

    private static List<Integer> output(String equation, int start, Map<Integer, Integer> extents) {
        List<Integer> read = read(equation, start, equation.length());
        for (int label : read) {
            if (label != 0 && (!extents.containsKey(label) || Collections.frequency(read, label) > 1)) {
                throw ShapeException.of(NAME, "a label of the result is unknown, or stands twice")
                        .operand("equation", quoted(equation)).operand("label", name(label))
                        .expected("labels of operands, each once");
            }
        }
        return spread(read, (int) extents.keySet().stream().filter(label -> label < 0).count());
    }

    private static String name(int label) {
        return label < 0 ? "axis " + label + " of the ellipsis" : Character.toString(label);
    }

    /** The equation for a message, whose own marks it must not contain. */
    private static String quoted(String equation) {
        return "'" + equation.replace(':', '?').replace(';', '?') + "'";
    }
}
