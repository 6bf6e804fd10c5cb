package io.adjoint.optim.train;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Module;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Checkpoints in memory. */
final class MemoryStore implements CheckpointStore {
    private record Saved(Map<String, Tensor> values, Map<String, String> notes) {}

    private final Map<Slot, Saved> slots = new EnumMap<>(Slot.class);
    boolean isFull;
    /** Given instead of those saved, if not empty. */
    Map<String, String> notes = Map.of();

    @Override
    public void save(Slot slot, Module state, Map<String, String> notes) {
        if (isFull) {
            throw new IllegalStateException("no space left");
        }
        Map<String, Tensor> values = new LinkedHashMap<>();
        state.variables().forEach((path, variable) -> values.put(path, variable.value().detached()));
        slots.put(slot, new Saved(values, Map.copyOf(notes)));
    }

    @Override
    public Optional<Map<String, String>> load(Slot slot, Module state) {
        return Optional.ofNullable(slots.get(slot)).map(saved -> {
            state.variables().forEach((path, variable) -> variable.set(saved.values.get(path)));
            return notes.isEmpty() ? saved.notes : notes;
        });
    }
}
