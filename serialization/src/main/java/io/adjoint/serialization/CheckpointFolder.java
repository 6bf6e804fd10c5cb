package io.adjoint.serialization;

import io.adjoint.nn.Module;
import io.adjoint.optim.train.CheckpointStore;
import io.adjoint.serialization.file.AtomicFile;
import io.adjoint.serialization.file.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The checkpoints of a training as two files of a folder: {@code last.adjoint}, to resume from, and {@code best.adjoint}, the model of
 * the best epoch, which {@link Checkpoint#load} gives to a model alone. Each is replaced as a whole or stays as it was, a crash of the
 * machine included.
 */
public final class CheckpointFolder implements CheckpointStore {
    private final Path folder;
    private final Previous previous;
    private final Consumer<LoadReport> fellBack;
    /** Of the files that could not be read: what a save replaces then is not worth keeping. */
    private final Set<Slot> damaged = Collections.synchronizedSet(EnumSet.noneOf(Slot.class));

    private CheckpointFolder(Path folder, Previous previous, Consumer<LoadReport> fellBack) {
        this.folder = folder;
        this.previous = previous;
        this.fellBack = fellBack;
    }

    /** Checkpoints in this folder, which the first save makes if it is not there. */
    public static CheckpointFolder of(Path folder) {
        return new CheckpointFolder(folder, Previous.DISCARD, _ -> {});
    }

    /**
     * The same that keeps the checkpoint before the last one of each slot, as {@code last.adjoint.previous}, and goes on from it
     * if the last one is damaged or gone.
     *
     * @param fellBack told, when that happens, what was read instead, and what the fault was
     */
    public CheckpointFolder keepingPrevious(Consumer<LoadReport> fellBack) {
        return new CheckpointFolder(folder, Previous.KEEP, fellBack);
    }

    /** The file of a slot. */
    public Path file(Slot slot) {
        return folder.resolve(slot.name().toLowerCase(Locale.ROOT) + ".adjoint");
    }

    /** @throws ModelFileException as {@link Checkpoint#save(Path, Module, Map)} */
    @Override
    public void save(Slot slot, Module state, Map<String, String> notes) {
        Folders.require(folder);
        Checkpoint.save(file(slot), state, notes, damaged.contains(slot) ? Previous.DISCARD : previous);
        damaged.remove(slot);
    }

    /** @throws ModelFileException as {@link Checkpoint#load(Path, Module)} */
    @Override
    public Optional<Map<String, String>> load(Slot slot, Module state) {
        Path file = file(slot);
        if (previous == Previous.DISCARD) {
            return Files.exists(file) ? Optional.of(Checkpoint.load(file, state)) : Optional.empty();
        }
        if (!Files.exists(file) && AtomicFile.previous(file).isEmpty()) {
            return Optional.empty();
        }
        LoadReport report = Checkpoint.loadOrPrevious(file, state);
        if (report.fault().isPresent()) {
            damaged.add(slot);
            fellBack.accept(report);
        }
        return Optional.of(report.metadata());
    }
}
