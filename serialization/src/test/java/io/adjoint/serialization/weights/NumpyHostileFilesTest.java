package io.adjoint.serialization.weights;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.serialization.HostileFiles;
import io.adjoint.serialization.Mutations;
import io.adjoint.serialization.Trees;
import io.adjoint.serialization.weights.Npz.Compression;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated arrays and archives, and mutated arrays in archives that are whole. */
class NumpyHostileFilesTest {
    private static final List<byte[]> ARRAYS =
            Trees.tensors(Trees.small(1)).values().stream().map(NumpyRoundTripTest::npy).toList();

    @TempDir
    Path folder;

    private static void assertBothKinds(HostileFiles.Tally tally) {
        assertTrue(tally.read() > 0 && tally.refused() > tally.read() / 2, tally.toString());
    }

    @Test
    void mutatedArrays() throws IOException {
        List<byte[]> valid = new ArrayList<>(ARRAYS);
        valid.add(Fixtures.bytes("version-2.npy"));
        valid.add(Fixtures.bytes("version-3.npy"));
        assertBothKinds(HostileFiles.of(folder.resolve("hostile.npy"), Npy::read)
                .mutationsOf(valid.toArray(new byte[0][])));
    }

    private HostileFiles archives() {
        return HostileFiles.of(folder.resolve("hostile.npz"), Npz::read);
    }

    @Test
    void mutatedArchives() throws IOException {
        var tensors = Trees.tensors(Trees.small(1));
        assertBothKinds(archives().mutationsOf(NumpyRoundTripTest.npz(tensors, Compression.STORED),
                NumpyRoundTripTest.npz(tensors, Compression.DEFLATED), Fixtures.bytes("every-dtype.npz"),
                Fixtures.bytes("compressed.npz")));
    }

    @Test
    void mutatedArraysInWholeArchives() throws IOException {
        assertBothKinds(archives().check(NumpyHostileFilesTest::archiveOfMutated));
    }

    private static byte[] archiveOfMutated(Random random) {
        byte[] mutated = Mutations.mutate(random, ARRAYS.get(random.nextInt(ARRAYS.size())));
        return NumpyRefusalTest.zip(random.nextBoolean() ? ZipEntry.STORED : ZipEntry.DEFLATED, "whole.npy",
                ARRAYS.get(3), "mutated.npy", mutated);
    }
}
