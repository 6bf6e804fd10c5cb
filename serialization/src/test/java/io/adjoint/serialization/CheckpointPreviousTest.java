package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Selection;
import io.adjoint.optim.train.CheckpointStore.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was saved before the last save, and how it is found again. CheckpointKillTest ends saves in the middle. */
class CheckpointPreviousTest {
    @TempDir
    Path folder;

    private Path file;
    private Path previous;

    @BeforeEach
    void names() {
        file = folder.resolve("model");
        previous = folder.resolve("model.previous");
    }

    private static Selection tree(long seed) {
        return new Selection(Trees.small(seed));
    }

    private void save(long seed, Previous kept) {
        Checkpoint.save(file, tree(seed), Map.of("seed", "" + seed), kept);
    }

    private void damage(Path damaged) throws IOException {
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged, bytes);
    }

    @Test
    void theContentsBeforeTheLastSave() throws IOException {
        save(1, Previous.KEEP);
        assertFalse(Files.exists(previous));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        save(2, Previous.KEEP);
        save(3, Previous.KEEP);
        assertEquals("2", Checkpoint.read(previous).metadata().get("seed"));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(previous)));
        save(4, Previous.DISCARD);
        assertEquals("2", Checkpoint.read(previous).metadata().get("seed"));
        assertEquals(2, folder.toFile().list().length);
    }

    @Test
    void besideWhatALinkLeadsTo() throws IOException {
        Path store = Files.createDirectory(folder.resolve("store"));
        Files.createSymbolicLink(file, Path.of("store/epoch"));
        save(1, Previous.KEEP);
        save(2, Previous.KEEP);
        assertEquals("1", Checkpoint.read(store.resolve("epoch.previous")).metadata().get("seed"));
        assertEquals(1, folder.toFile().list((_, name) -> name.startsWith("model")).length);
    }

    @Test
    void aRefusalNamesIt() throws IOException {
        save(1, Previous.KEEP);
        save(2, Previous.KEEP);
        Files.delete(file);
        SequencedMap<String, Variable> model = Trees.small(3);
        assertEquals(file + ": no such file; check the path, and that the file can be read, or load " + previous
                + ", which holds its contents before the last save",
                assertThrows(ModelFileException.class, () -> Checkpoint.load(file, model)).getMessage());
        Checkpoint.load(previous, model);
        Trees.assertSame(Trees.small(1), model);
        Files.delete(previous);
        assertEquals(file + ": no such file; check the path, and that the file can be read",
                assertThrows(ModelFileException.class, () -> Checkpoint.load(file, model)).getMessage());
    }

    @Test
    void damageLeadsToItAndTheReportTells() throws IOException {
        save(1, Previous.KEEP);
        save(2, Previous.KEEP);
        Selection model = tree(3);
        assertEquals(Optional.empty(), Checkpoint.loadOrPrevious(file, model).fault());
        Trees.assertSame(Trees.small(2), model.variables());
        damage(file);
        LoadReport report = Checkpoint.loadOrPrevious(file, model);
        Trees.assertSame(Trees.small(1), model.variables());
        assertEquals(previous, report.file());
        assertEquals(Map.of("seed", "1"), report.metadata());
        assertEquals(file.toString(), report.fault().orElseThrow().file());
        damage(previous);
        assertThrows(ModelFileException.class, () -> Checkpoint.loadOrPrevious(file, model));
        Trees.assertSame(Trees.small(1), model.variables());
    }

    /** A whole file of another model is a mistake that the previous contents must not hide. */
    @Test
    void anotherModelIsNoDamage() {
        save(1, Previous.KEEP);
        Checkpoint.save(file, new Selection(Trees.of("other", Tensor.ones(1))), Map.of(), Previous.KEEP);
        Selection model = tree(3);
        assertThrows(ModelFileException.class, () -> Checkpoint.loadOrPrevious(file, model));
        Trees.assertSame(Trees.small(3), model.variables());
    }

    /** After a fall back the damaged file is not kept in place of the good one. */
    @Test
    void aFolderFallsBackAndKeepsWhatIsGood() throws IOException {
        List<LoadReport> told = new ArrayList<>();
        CheckpointFolder store = CheckpointFolder.of(folder).keepingPrevious(told::add);
        assertEquals(Optional.empty(), store.load(Slot.LAST, tree(0)));
        store.save(Slot.LAST, tree(1), Map.of("seed", "1"));
        store.save(Slot.LAST, tree(2), Map.of("seed", "2"));
        assertEquals(Optional.of(Map.of("seed", "2")), store.load(Slot.LAST, tree(0)));
        assertEquals(List.of(), told);
        damage(store.file(Slot.LAST));
        assertEquals(Optional.of(Map.of("seed", "1")), store.load(Slot.LAST, tree(0)));
        assertEquals(1, told.size());
        Path before = folder.resolve("last.adjoint.previous");
        assertEquals(before, told.getFirst().file());
        store.save(Slot.LAST, tree(3), Map.of("seed", "3"));
        assertEquals("1", Checkpoint.read(before).metadata().get("seed"));
        store.save(Slot.LAST, tree(4), Map.of("seed", "4"));
        assertEquals("3", Checkpoint.read(before).metadata().get("seed"));
        Files.delete(store.file(Slot.LAST));
        assertEquals(Optional.of(Map.of("seed", "3")), store.load(Slot.LAST, tree(0)));
    }
}
