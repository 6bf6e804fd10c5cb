package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.nn.Module;
import io.adjoint.serialization.LoadReport;
import io.adjoint.serialization.Match;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Failures;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.file.RegularFile;
import io.adjoint.serialization.weights.ZipFileEntries.Entry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A file of PyTorch: a zip file with {@code data.pkl}, the storages {@code data/0}, {@code data/1} and so on, and
 * {@code byteorder}, all in one folder of any name.
 */
final class TorchFile {
    private static final String PICKLE = "/data.pkl";
    private static final int MAX_PICKLE = 64 << 20;
    private static final String RESTORE = "restore the file from a copy or save it again";

    /** How a file of PyTorch before version 1.6 begins: a pickled number. */
    private static final byte[] LEGACY = {(byte) 0x80, 2, (byte) 0x8A, 10};

    private final Path file;
    private final ZipFileEntries entries;
    private final ZipContents contents;
    private final String folder;
    private final StateNames names;
    private final TorchReader reader;

    private TorchFile(Path file) {
        this.file = file;
        this.entries = ZipFileEntries.of(file);
        this.contents = new ZipContents(file, entries);
        this.folder = folder();
        this.names = StateNames.of(file, Pickle.read(file, pickle()));
        this.reader = new TorchReader(file, byteOrder(), this::storage, entries.size());
    }

    static PyTorchState read(Path file) {
        requireZip(file);
        return RegularFile.lookAt(file, () -> new TorchFile(file).state());
    }

    /** Only the tensors that go into the model are made. */
    static LoadReport load(Path file, Module model, Match match) {
        requireZip(file);
        return RegularFile.lookAt(file, () -> {
            TorchFile opened = new TorchFile(file);
            return match.load(file, opened.specs(), opened::tensor, model);
        });
    }

    private static void requireZip(Path file) {
        ByteBuffer begin = ByteBuffer.allocate(LEGACY.length);
        try (FileChannel channel = RegularFile.open(file)) {
            while (begin.hasRemaining() && channel.read(begin) >= 0) {
                continue;
            }
        } catch (IOException e) {
            throw Failures.reading(file, e);
        }
        begin.flip();
        if (begin.equals(ByteBuffer.wrap(LEGACY))) {
            throw new ModelFileException(file, "it has the format of PyTorch before version 1.6",
                    "load it there and save it again");
        }
        if (begin.remaining() < LEGACY.length || begin.get(0) != 'P' || begin.get(1) != 'K') {
            throw new ModelFileException(file, "this is not a file of PyTorch", "name a file that torch.save wrote");
        }
    }

    private String folder() {
        List<String> folders = entries.entries().keySet().stream()
                .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
                .map(name -> name.substring(0, name.length() - PICKLE.length())).toList();
        if (folders.size() != 1) {
            throw new ModelFileException(file, "this is a zip file without the data.pkl of PyTorch",
                    "name a file that torch.save wrote");
        }
        return folders.getFirst();
    }

    private PyTorchState state() {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        names.tensors().keySet().forEach(name -> tensors.put(name, tensor(name)));
        return new PyTorchState(tensors, names.others());
    }

    private SequencedMap<String, TensorSpec> specs() {
        SequencedMap<String, TensorSpec> specs = new LinkedHashMap<>();
        names.tensors().forEach((name, described) -> specs.put(name, reader.spec(name, described)));
        return specs;
    }

    private Tensor tensor(String name) {
        return reader.tensor(name, names.tensors().get(name));
    }

    private ByteBuffer pickle() {
        Entry entry = entries.find(folder + PICKLE).orElseThrow();
        if (entry.size() > MAX_PICKLE) {
            throw new ModelFileException(file, "its data.pkl has " + entry.size() + " bytes, more than " + MAX_PICKLE,
                    "save large data in tensors");
        }
        return contents.of(entry).asByteBuffer();
    }

    /** Files of before PyTorch 2.1 do not say; they are of little-endian machines. */
    private ByteOrder byteOrder() {
        String said = entries.find(folder + "/byteorder").filter(entry -> entry.size() < Long.BYTES)
                .map(entry -> new String(contents.of(entry).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII))
                .orElse("little");
        return switch (said) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default -> throw new ModelFileException(file, "there is no byte order " + Names.quote(said), RESTORE);
        };
    }

    private MemorySegment storage(TorchStorage storage) {
        return contents
                .of(entries.find(folder + "/data/" + storage.key()).orElseThrow(() -> new ModelFileException(file,
                        "the storage " + Names.quote(storage.key()) + " is missing", RESTORE)));
    }
}
