package io.adjoint.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** The methods of a {@link Tensor} that cut it into pieces, views all of them; each gradient lies where its piece lay. */
public sealed interface SplittingMethods extends Shaped permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * So many elements along an axis from {@code start} on, as {@code torch.narrow}.
     *
     * @param start below 0 counts from the end
     * @throws ShapeException if they are not all there
     */
    default Tensor narrow(int axis, int start, int length) {
        int at = shape().axis("narrow", axis);
        int from = start < 0 ? start + dim(at) : start;
        if (from < 0 || length < 0 || length > dim(at) - from) {
            throw ShapeException.of("narrow", "beyond the axis").operand("start", start).operand("length", length)
                    .operand("input", shape()).expected("a part of the " + dim(at) + " elements along axis " + axis);
        }
        return self().slice(at, from, from + length);
    }

    /**
     * Pieces of one size along an axis, the last one with what is left, as {@code torch.split}; of an empty axis one piece.
     *
     * @throws ShapeException if the size is below 1, unless it and the extent are 0
     */
    default List<Tensor> split(int size, int axis) {
        int at = shape().axis("split", axis);
        if (size == 0 && dim(at) == 0) {
            return List.of(self());
        }
        if (size < 1) {
            throw ShapeException.of("split", "not a size").operand("size", size).expected("1 or more");
        }
        int extent = dim(at);
        int count = Math.max(1, Math.ceilDiv(extent, size));
        return pieces(at, IntStream.rangeClosed(1, count).map(i -> (int) Math.min((long) i * size, extent)).toArray());
    }

    /**
     * Pieces of these sizes along an axis.
     *
     * @throws ShapeException if a size is negative, or they do not add up to the extent
     */
    default List<Tensor> split(int[] sizes, int axis) {
        int at = shape().axis("split", axis);
        long sum = IntStream.of(sizes).asLongStream().sum();
        if (sum != dim(at) || IntStream.of(sizes).anyMatch(size -> size < 0)) {
            throw ShapeException.of("split", "sizes do not add up").operand("sizes", Arrays.toString(sizes))
                    .operand("input", shape()).expected("sizes of 0 or more with the sum " + dim(at));
        }
        int[] ends = sizes.clone();
        Arrays.parallelPrefix(ends, Integer::sum);
        return pieces(at, ends);
    }

    /**
     * At most so many pieces along an axis, all of one size but perhaps the last, as {@code torch.chunk}.
     *
     * @throws ShapeException if the number is below 1
     */
    default List<Tensor> chunk(int chunks, int axis) {
        int at = shape().axis("chunk", axis);
        if (chunks < 1) {
            throw ShapeException.of("chunk", "not a number of pieces").operand("chunks", chunks).expected("1 or more");
        }
        if (dim(at) == 0) {
            // of nothing all pieces are alike, so there are as many as asked for
            return Collections.nCopies(chunks, self());
        }
        return split(Math.ceilDiv(dim(at), chunks), at);
    }

    /**
     * Just so many pieces along an axis, the first ones larger by one where they cannot be equal, as {@code
     * torch.tensor_split}.
     *
     * @throws ShapeException if the number is not from 1 to 65536
     */
    default List<Tensor> tensorSplit(int sections, int axis) {
        int at = shape().axis("tensor_split", axis);
        if (sections < 1 || sections > 1 << 16) {
            throw ShapeException.of("tensor_split", "not a number of pieces").operand("sections", sections)
                    .expected("1 to " + (1 << 16));
        }
        int extent = dim(at);
        return pieces(at, IntStream.rangeClosed(1, sections)
                .map(i -> i * (extent / sections) + Math.min(i, extent % sections)).toArray());
    }

    /**
     * The pieces between these places along an axis; a place below 0 counts from the end, and a place beyond the axis, or before
     * the last one, ends an empty piece.
     */
    default List<Tensor> tensorSplit(int[] places, int axis) {
        int at = shape().axis("tensor_split", axis);
        List<Tensor> pieces = new ArrayList<>();
        int start = 0;
        for (int place : places) {
            int end = Math.clamp(place < 0 ? (long) place + dim(at) : place, 0, dim(at));
            pieces.add(self().slice(at, Math.min(start, end), end));
            start = end;
        }
        pieces.add(self().slice(at, start, dim(at)));
        return List.copyOf(pieces);
    }

    /** The elements at each index along an axis, which vanishes. */
    default List<Tensor> unbind(int axis) {
        int at = shape().axis("unbind", axis);
        return IntStream.range(0, dim(at)).mapToObj(i -> self().select(at, i)).toList();
    }

    private List<Tensor> pieces(int axis, int[] ends) {
        List<Tensor> pieces = new ArrayList<>(ends.length);
        int start = 0;
        for (int end : ends) {
            pieces.add(self().slice(axis, start, end));
            start = end;
        }
        return List.copyOf(pieces);
    }
}
