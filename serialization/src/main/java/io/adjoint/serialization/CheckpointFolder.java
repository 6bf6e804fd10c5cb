package io.adjoint.serialization;

import io.adjoint.nn.Module;
import io.adjoint.optim.train.CheckpointStore;
import io.adjoint.serialization.file.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The checkpoints of a training as two files of a folder: {@code last.adjoint}, to resume from, and {@code best.adjoint}, the model of
 * the best epoch, which {@link Checkpoint#load} gives to a model alone. Each is replaced as a whole or stays as it was, a crash of the
 * machine included.
 */
public final class CheckpointFolder implements CheckpointStore {
    private final Path folder;

    private CheckpointFolder(Path folder) {
        this.folder = folder;
    }

    /** Checkpoints in this folder, which the first save makes if it is not there. */
    public static CheckpointFolder of(Path folder) {
        return new CheckpointFolder(folder);
    }

    /** The file of a slot. */
    public Path file(Slot slot) {
        return folder.resolve(slot.name().toLowerCase(Locale.ROOT) + ".adjoint");
    }

    /** @throws ModelFileException as {@link Checkpoint#save(Path, Module, Map)} */
    @Override
    public void save(Slot slot, Module state, Map<String, String> notes) {
        Folders.require(folder);
        Checkpoint.save(file(slot), state, notes);
    }

    /** @throws ModelFileException as {@link Checkpoint#load(Path, Module)} */
    @Override
    public Optional<Map<String, String>> load(Slot slot, Module state) {
        return Files.exists(file(slot)) ? Optional.of(Checkpoint.load(file(slot), state)) : Optional.empty();
    }
}
