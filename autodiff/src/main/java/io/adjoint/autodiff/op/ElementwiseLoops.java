package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.lane.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The loops of each operation for each combination of dtypes, emitted once for the life of the JVM. */
final class ElementwiseLoops {
    private static final ConcurrentHashMap<Key, Typed> LOOPS = new ConcurrentHashMap<>();

    private ElementwiseLoops() {}

    private record Key(Elementwise op, List<DType> types) {}

    /** A loop and the dtype of what it computes. */
    record Typed(DType type, MapKernel loop) {}

    static Typed of(Elementwise op, List<DType> types) {
        Typed known = LOOPS.get(new Key(op, types));
        return known != null ? known : LOOPS.computeIfAbsent(new Key(op, List.copyOf(types)), ElementwiseLoops::emit);
    }

    private static Typed emit(Key key) {
        List<Lane> inputs = new ArrayList<>();
        for (int i = 0; i < key.types.size(); i++) {
            inputs.add(Lane.input(i, key.types.get(i)));
        }
        Lane expression = key.op.numerics(inputs);
        return new Typed(expression.type(), MapKernel.of(expression));
    }
}
