package io.adjoint.autodiff.page;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Sample;
import io.adjoint.autodiff.op.Sampler;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An example of the shapes that an operation takes and gives. */
record Shapes(List<TensorSpec> inputs, TensorSpec result) {
    private static final int SEEDS = 200;

    /** One with few axes, of which none is empty, with several elements, and with extents that can be told apart. */
    static Shapes of(Catalogue.Entry entry) {
        return IntStream.range(0, SEEDS).mapToObj(seed -> {
            Sample sample = entry.sample(new Sampler(seed, DType.F32));
            List<TensorSpec> inputs = sample.inputs().stream().map(x -> x.spec()).toList();
            return new Shapes(inputs, sample.op().infer(inputs));
        }).min(Comparator.comparingInt(Shapes::clumsiness)).orElseThrow();
    }

    private int clumsiness() {
        int points = result.equals(inputs.getFirst()) ? 8 : 0;
        for (TensorSpec spec : Stream.concat(inputs.stream(), Stream.of(result)).toList()) {
            int[] dims = spec.shape().dims();
            points += 2 * Math.abs(dims.length - 2) + (dims.length == 0 ? 3 : 0);
            for (int i = 0; i < dims.length; i++) {
                int first = dims[i];
                points += first == 0 ? 100 : first == 1 ? 2 : 0;
                points += IntStream.range(0, i).anyMatch(j -> dims[j] == first) ? 1 : 0;
            }
        }
        return points;
    }

    @Override
    public String toString() {
        return inputs.stream().map(TensorSpec::toString).collect(Collectors.joining(", ")) + " -> " + result;
    }
}
