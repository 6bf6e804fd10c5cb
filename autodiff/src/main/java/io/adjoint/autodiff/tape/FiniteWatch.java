package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.NotFiniteException;
import io.adjoint.autodiff.op.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;

/** A run of code that ends at the first operation whose result is not a number any more, forwards or on the walk back. */
public final class FiniteWatch implements Trace {
    private final DoublePredicate isBad;
    /** Where the operations of the tape were called, for their gradient rules. */
    private final Map<Node, String> places = new IdentityHashMap<>();
    /** The node whose gradient rule is running, if one is. */
    private Optional<Node> rule = Optional.empty();

    private FiniteWatch(DoublePredicate isBad) {
        this.isBad = isBad;
    }

    /** Runs the body and refuses the first result with an element of this kind. */
    public static <T> T run(DoublePredicate isBad, Supplier<T> body) {
        return ScopedValue.where(OPEN, new FiniteWatch(isBad)).call(body::get);
    }

    void recorded(Node node) {
        Places.here().ifPresent(place -> places.put(node, Places.print(place)));
    }

    /** A node whose rules run in place of another's was called where that was. */
    void standsFor(Node node, Node recorded) {
        places.put(node, places.get(recorded));
    }

    <T> T inRule(Node node, Supplier<T> body) {
        Optional<Node> outer = rule;
        rule = Optional.of(node);
        try {
            return body.get();
        } finally {
            rule = outer;
        }
    }

    void see(Op op, List<Tensor> operands, Tensor result) {
        double[] numbers = numbers(result);
        for (double number : numbers) {
            if (isBad.test(number)) {
                throw refusal(op, operands, number, result);
            }
        }
    }

    private NotFiniteException refusal(Op op, List<Tensor> operands, double number, Tensor result) {
        List<String> shown = new ArrayList<>();
        boolean held = false;
        for (Tensor operand : operands) {
            double[] numbers = numbers(operand);
            held |= Arrays.stream(numbers).anyMatch(isBad);
            shown.add(operand.spec() + range(numbers));
        }
        String inGradient = rule.flatMap(Node::op).map(walked -> " in the gradient of " + walked.id()).orElse("");
        Optional<String> place = rule.isPresent() ? rule.map(places::get) : Places.here().map(Places::print);
        return new NotFiniteException(rule.flatMap(Node::op).orElse(op).id(),
                op.id() + (held ? ": an operand held " : " made ") + number + inGradient
                        + place.map(line -> " at " + line).orElse("") + ": " + String.join(", ", shown)
                        + " -> " + result.spec());
    }

    private static String range(double[] numbers) {
        if (numbers.length == 0) {
            return "";
        }
        double least = numbers[0];
        double greatest = numbers[0];
        for (double number : numbers) {
            least = Math.min(least, number);
            greatest = Math.max(greatest, number);
        }
        return least == greatest ? " of " + least : " from " + least + " to " + greatest;
    }

    /** The elements, none where they are always finite. */
    private static double[] numbers(Tensor values) {
        return values.dtype().isFloat() ? ScopedValue.where(OPEN, null)
                .call(() -> values.detached().cast(DType.F64).toDoubles()) : new double[0];
    }
}
