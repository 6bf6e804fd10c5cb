package io.adjoint.optim.data;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The rows of the two parts of a split, both ascending. Refusals begin with the place of what is split. */
record Parts(int[] training, int[] heldBack) {
    static Parts random(DataException.Report place, int size, double share, Rng rng) {
        int count = requireShare(place, size, share);
        return of(size, Arrays.copyOf(rng.permutation(size), count));
    }

    static Parts stratified(DataException.Report place, long[] labels, double share, Rng rng) {
        int count = requireShare(place, labels.length, share);
        List<List<Integer>> classes = byClass(labels, rng);
        int[] held = new int[classes.size()];
        for (int i = 0; i < held.length; i++) {
            held[i] = (int) Math.floor(classes.get(i).size() * share);
        }
        // whole rows first, then one more for the classes that lost the largest fraction of one
        List<Integer> byFraction = IntStream.range(0, held.length).boxed()
                .sorted(Comparator.comparingDouble(i -> held[i] - classes.get(i).size() * share)).toList();
        int missing = count - IntStream.of(held).sum();
        for (int i : byFraction.subList(0, missing)) {
            held[i]++;
        }
        return of(labels.length, IntStream.range(0, held.length).boxed()
                .flatMap(i -> classes.get(i).stream().limit(held[i])).mapToInt(row -> row).toArray());
    }

    static List<Parts> folds(DataException.Report place, int size, int k, Rng rng) {
        return dealt(requireFolds(place, size, k), k, rng.permutation(size));
    }

    static List<Parts> stratifiedFolds(DataException.Report place, long[] labels, int k, Rng rng) {
        return dealt(requireFolds(place, labels.length, k), k,
                byClass(labels, rng).stream().flatMap(List::stream).mapToInt(row -> row).toArray());
    }

    /** Rows handed out in turn: of every run of them, such as a class, each fold gets as many as the others, up to one. */
    private static List<Parts> dealt(int size, int k, int[] order) {
        return IntStream.range(0, k).mapToObj(fold -> of(size,
                IntStream.iterate(fold, i -> i < size, i -> i + k).map(i -> order[i]).toArray())).toList();
    }

    /** The rows of each class in random order, classes ascending. */
    private static List<List<Integer>> byClass(long[] labels, Rng rng) {
        SortedMap<Long, List<Integer>> classes = new TreeMap<>();
        for (int row : rng.permutation(labels.length)) {
            classes.computeIfAbsent(labels[row], _ -> new ArrayList<>()).add(row);
        }
        return List.copyOf(classes.values());
    }

    private static Parts of(int size, int[] held) {
        int[] sorted = held.clone();
        Arrays.sort(sorted);
        return new Parts(IntStream.range(0, size).filter(row -> Arrays.binarySearch(sorted, row) < 0).toArray(),
                sorted);
    }

    private static int requireShare(DataException.Report place, int size, double share) {
        long heldBack = Math.round(size * share);
        if (!(heldBack > 0 && heldBack < size)) {
            throw place.found("an empty part: " + share + " of " + size + " rows",
                    "a share that leaves a row or more for each part");
        }
        return (int) heldBack;
    }

    private static int requireFolds(DataException.Report place, int size, int k) {
        if (k < 2) {
            throw ShapeException.of("folds", "too few").operand("k", k).expected("2 or more");
        }
        if (k > size) {
            throw place.found("an empty part: " + k + " folds of " + size + " rows",
                    "as many rows as folds, or more");
        }
        return size;
    }

    <E extends Examples<E>> Split<E> of(Examples<E> whole) {
        return of(whole::subset);
    }

    /** The parts of something whose parts are made so. */
    <E> Split<E> of(Function<int[], E> part) {
        return new Split<>(part.apply(training), part.apply(heldBack));
    }
}
