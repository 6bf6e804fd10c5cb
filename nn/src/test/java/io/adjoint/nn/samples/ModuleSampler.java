package io.adjoint.nn.samples;

import io.adjoint.nn.Module;
import java.util.function.Function;

/**
 * Draws configurations of one kind of module.
 *
 * @param type the kind
 * @param draw makes a sample of what it draws
 */
public record ModuleSampler(Class<? extends Module> type, Function<Draw, ModuleSample> draw) {
    @Override
    public String toString() {
        return type.getSimpleName();
    }
}
