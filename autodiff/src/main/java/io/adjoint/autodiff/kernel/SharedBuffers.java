package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Memory for what launches compute on the way, shared by those that are bound together because they run one after the other. */
public final class SharedBuffers {
    private static final ScopedValue<Map<Key, Object>> SHARED = ScopedValue.newInstance();

    private SharedBuffers() {}

    private record Key(DType type, int size, int number) {}

    /** Binds launches that never run at the same time, and each of which one thread runs. */
    public static <T> T sharing(Supplier<T> bind) {
        return ScopedValue.where(SHARED, new HashMap<>()).call(bind::get);
    }

    /**
     * A Java array of a dtype's primitive that may hold anything when a launch begins.
     *
     * @param number tells it from the launch's other ones
     */
    static Object of(DType type, int size, int number) {
        return SHARED.isBound() ? SHARED.get().computeIfAbsent(new Key(type, size, number), SharedBuffers::fresh)
                : fresh(new Key(type, size, number));
    }

    private static Object fresh(Key key) {
        return Array.allocate(key.type, Shape.of(key.size)).data();
    }
}
