package io.adjoint.serialization.weights;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.Trees;
import io.adjoint.serialization.file.Names;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random tensors for tests of formats. */
final class WeightTrees {
    private WeightTrees() {}

    /** Every dtype and bit; scalars, empty tensors, and views: transposed, flipped, sliced with an offset and a stride. */
    static Arbitrary<Tensor> tensors() {
        Arbitrary<int[]> dims = Arbitraries.integers().between(0, 5).array(int[].class).ofMaxSize(4);
        return Combinators.combine(Arbitraries.of(DType.class), dims, Arbitraries.randoms(),
                Arbitraries.integers().between(0, 3)).as(WeightTrees::tensor);
    }

    private static Tensor tensor(DType dtype, int[] dims, Random random, int view) {
        Tensor whole = Trees.random(random, new TensorSpec(dtype, Shape.of(dims)));
        return whole.rank() == 0 ? whole : switch (view) {
            case 0 -> whole;
            case 1 -> whole.transpose(0, -1);
            case 2 -> whole.flip(-1);
            default -> whole.slice(0, whole.dim(0) / 2, whole.dim(0), 2);
        };
    }

    static Arbitrary<SequencedMap<String, Tensor>> named() {
        Arbitrary<String> names = Arbitraries.strings().ofMaxLength(20).filter(Names::isStorable);
        return Combinators.combine(names, tensors()).as(Tuple::of).list().ofMaxSize(8).map(entries -> {
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            entries.forEach(entry -> tensors.put(entry.get1(), entry.get2()));
            return tensors;
        });
    }

    static Arbitrary<Map<String, String>> text() {
        Arbitrary<String> strings = Arbitraries.strings().ofMaxLength(20).filter(Names::isStorable);
        return Arbitraries.maps(strings, strings).ofMaxSize(5);
    }
}
