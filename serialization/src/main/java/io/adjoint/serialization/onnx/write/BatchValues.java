package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Values that depend on the batch, computed from it by nodes. */
final class BatchValues {
    private final Emitter nodes;
    /** In units. */
    private final List<Integer> batches;
    private final int axis;
    private final Term input;
    private final int unit;
    private final Map<List<Affine>, Term> lists = new HashMap<>();
    private Optional<Term> batch = Optional.empty();

    /**
     * Values of nodes that stand before all others.
     *
     * @param nodes where they are collected
     * @param examples of the batches for which the values are known
     * @param unit what all batches are multiples of
     * @param axis of the batch
     * @param input that has it
     */
    BatchValues(Emitter nodes, List<Integer> examples, int unit, int axis, Term input) {
        this.nodes = nodes;
        this.unit = unit;
        this.batches = examples.stream().map(size -> size / unit).toList();
        this.axis = axis;
        this.input = input;
    }

    /** What has these values for the known batches; empty if no way to compute it is known. */
    Optional<Term> of(List<Tensor> values) {
        Tensor first = values.getFirst();
        if (values.stream().anyMatch(value -> value.rank() != first.rank() || value.dtype() != first.dtype())) {
            return Optional.empty();
        }
        if (values.stream().anyMatch(value -> !value.shape().equals(first.shape()))) {
            return filled(values);
        }
        return switch (first.dtype()) {
            case I64, I32 ->
                affine(values).map(elements -> nodes.cast(shaped(list(elements), first.shape()), first.dtype()));
            case F32, F64 -> counts(values);
            case BOOL -> Optional.empty();
        };
    }

    /** A target shape in which the only extent that depends on the batch follows from the others. */
    Optional<Tensor> inferred(List<Tensor> values) {
        return affine(values).flatMap(elements -> {
            long[] target = values.getFirst().toLongs();
            int open = -1;
            for (int i = 0; i < target.length; i++) {
                if (!elements.get(i).isFixed()) {
                    if (open >= 0) {
                        return Optional.empty();
                    }
                    open = i;
                    target[i] = -1;
                } else if (target[i] == 0) {
                    return Optional.empty();
                }
            }
            return Optional.of(Tensor.of(target));
        });
    }

    /** One number for each element; empty if an element depends on the batch in another way. */
    private Optional<List<Affine>> affine(List<Tensor> values) {
        if (values.stream().anyMatch(value -> value.size() != values.getFirst().size())) {
            return Optional.empty();
        }
        List<long[]> elements = values.stream().map(value -> value.cast(DType.I64).toLongs()).toList();
        List<Affine> result = new ArrayList<>();
        for (int i = 0; i < elements.getFirst().length; i++) {
            int at = i;
            Optional<Affine> affine = Affine.through(batches, elements.stream().map(e -> e[at]).toList());
            if (affine.isEmpty()) {
                return Optional.empty();
            }
            result.add(affine.get());
        }
        return Optional.of(result);
    }

    /** The number of units, as a list of one. A batch that they do not make up cannot be reshaped into rows of one each. */
    private Term batch() {
        if (batch.isEmpty()) {
            Term extent = shape(input, axis);
            batch = Optional.of(unit == 1 ? extent : shape(nodes.node("Reshape",
                    new TensorSpec(DType.I64, Shape.of(batches.getFirst(), unit)),
                    List.of(nodes.node("Expand", new TensorSpec(DType.I64, Shape.of(batches.getFirst() * unit)),
                            List.of(nodes.number(0, DType.I64), extent)), nodes.integers(-1, unit))),
                    0));
        }
        return batch.get();
    }

    private Term shape(Term of, int at) {
        return nodes.node("Shape", new TensorSpec(DType.I64, Shape.of(1)), List.of(of), Attribute.of("start", at),
                Attribute.of("end", at + 1));
    }

    /** As I64. */
    private Term list(List<Affine> elements) {
        return lists.computeIfAbsent(List.copyOf(elements), this::compute);
    }

    private Term compute(List<Affine> elements) {
        if (elements.equals(List.of(new Affine(1, 0)))) {
            return batch();
        }
        TensorSpec spec = new TensorSpec(DType.I64, Shape.of(elements.size()));
        Term factors = nodes.constant(Tensor.of(elements.stream().mapToLong(Affine::factor).toArray()));
        Term rest = nodes.constant(Tensor.of(elements.stream().mapToLong(Affine::rest).toArray()));
        return nodes.node("Add", spec, List.of(nodes.node("Mul", spec, List.of(batch(), factors)), rest));
    }

    private Term shaped(Term list, Shape shape) {
        return nodes.reshape(list, shape);
    }

    /** Floats that are counts of elements, one over a count, or a count over the one before. */
    private Optional<Term> counts(List<Tensor> values) {
        Tensor first = values.getFirst();
        Optional<Term> count = whole(values).flatMap(this::affine).map(this::list);
        if (count.isPresent()) {
            return count.map(list -> nodes.cast(shaped(list, first.shape()), first.dtype()));
        }
        List<Tensor> inverse = values.stream().map(Tensor::reciprocal).toList();
        List<Tensor> rounded = inverse.stream().map(Tensor::round).toList();
        for (int i = 0; i < values.size(); i++) {
            if (!rounded.get(i).reciprocal().sameBits(values.get(i))) {
                return quotient(values);
            }
        }
        return affine(rounded).map(elements -> nodes.node("Reciprocal", first.spec(),
                List.of(nodes.cast(shaped(list(elements), first.shape()), first.dtype()))));
    }

    /**
     * A scalar {@code n / (n - 1)}, by which the variance of a batch becomes that of what it was drawn from. A count of thousands
     * leaves few of its digits in single precision, so some are tried.
     */
    private Optional<Term> quotient(List<Tensor> values) {
        Tensor first = values.getFirst();
        double ratio = first.rank() == 0 ? first.item() : 1;
        if (ratio <= 1) {
            return Optional.empty();
        }
        double count = ratio / (ratio - 1);
        double step = first.dtype() == DType.F32 ? Math.ulp(1f) : Math.ulp(1.0);
        long most = 1 + (long) (count * count * step / batches.getFirst());
        long nearest = Math.round(count / batches.getFirst());
        return LongStream.rangeClosed(0, 2 * most).map(i -> nearest + (i % 2 == 0 ? i / 2 : -i / 2 - 1))
                .filter(factor -> factor > 0 && isQuotient(factor, values)).boxed().findFirst().map(factor -> {
                    Term wide = nodes.cast(shaped(list(List.of(new Affine(factor, 0))), first.shape()), DType.F64);
                    Term less = nodes.node("Sub", wide.spec(), List.of(wide, nodes.number(1, DType.F64)));
                    return nodes.cast(nodes.node("Div", wide.spec(), List.of(wide, less)), first.dtype());
                });
    }

    private boolean isQuotient(long factor, List<Tensor> values) {
        return IntStream.range(0, values.size()).allMatch(i -> {
            double n = (double) factor * batches.get(i);
            return Tensor.scalar(n / (n - 1), values.get(i).dtype()).sameBits(values.get(i));
        });
    }

    private static Optional<List<Tensor>> whole(List<Tensor> values) {
        return values.stream().allMatch(value -> value.round().sameBits(value)) ? Optional.of(values)
                : Optional.empty();
    }

    /**
     * Constants whose extents depend on the batch: the same numbers all along the axes that do, or numbers in steps along the
     * only one.
     */
    private Optional<Term> filled(List<Tensor> values) {
        Tensor first = values.getFirst();
        Optional<List<Affine>> extents = affine(values.stream()
                .map(value -> Tensor.of(Arrays.stream(value.shape().dims()).asLongStream().toArray())).toList());
        if (extents.isEmpty()) {
            return Optional.empty();
        }
        Tensor core = first;
        for (int axis = 0; axis < first.rank(); axis++) {
            if (!extents.get().get(axis).isFixed()) {
                core = core.slice(axis, 0, Math.min(1, core.dim(axis)));
            }
        }
        Tensor one = core;
        if (one.size() > 0 && values.stream().allMatch(value -> one.expand(value.shape()).sameBits(value))) {
            return Optional.of(nodes.node("Expand", first.spec(), List.of(nodes.constant(one), list(extents.get()))));
        }
        return steps(values, extents.get());
    }

    private Optional<Term> steps(List<Tensor> values, List<Affine> extents) {
        List<Integer> open = new ArrayList<>();
        for (int axis = 0; axis < extents.size(); axis++) {
            if (!extents.get(axis).isFixed()) {
                open.add(axis);
            }
        }
        Tensor first = values.getFirst();
        if (first.dtype() == DType.BOOL || open.size() != 1
                || first.size() != first.dim(open.getFirst()) || first.size() < 2) {
            return Optional.empty();
        }
        long[] numbers = first.cast(DType.I64).toLongs();
        long step = numbers[1] - numbers[0];
        for (Tensor value : values) {
            double[] found = value.cast(DType.F64).toDoubles();
            for (int i = 0; i < found.length; i++) {
                if (found[i] != numbers[0] + i * step) {
                    return Optional.empty();
                }
            }
        }
        // a step of 0 would have been found above
        Affine extent = extents.get(open.getFirst());
        Term stop = shaped(list(List.of(new Affine(extent.factor() * step, extent.rest() * step + numbers[0]))),
                Shape.scalar());
        TensorSpec flat = new TensorSpec(DType.I64, Shape.of(first.size()));
        Term range = nodes.node("Range", flat, List.of(nodes.number(numbers[0], DType.I64), stop,
                nodes.number(step, DType.I64)));
        Term whole = nodes.cast(range, first.dtype());
        return Optional.of(first.rank() == 1 ? whole
                : nodes.node("Reshape", first.spec(), List.of(whole, list(extents))));
    }
}
