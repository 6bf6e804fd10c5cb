package io.adjoint.examples.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Intel's MKL in front of OpenBLAS: preloaded, it serves libtorch's products. JavaCPP's own setting for it has no effect on
 * libtorch, so its libraries are unpacked from the class path.
 */
final class Mkl {
    private static final String JAR = "mkl-.*-redist\\.jar";

    /** What a product of floats needs; the rest of MKL is several times as large. */
    private static final String LIBRARY = "libmkl_(rt|core|intel_lp64|gnu_thread|def|avx2|avx512)\\.so\\.\\d+";

    private Mkl() {}

    /** The environment that puts it in front, if it is on the class path. */
    static Optional<Map<String, String>> environment(int threads) {
        String[] classPath = System.getProperty("java.class.path").split(File.pathSeparator);
        return Arrays.stream(classPath).map(Path::of).filter(jar -> jar.getFileName().toString().matches(JAR))
                .findFirst().map(jar -> {
                    Path folder = Path.of(classPath[0]).resolveSibling("mkl");
                    Path first = unpack(jar, folder);
                    return Map.of("LD_PRELOAD", first.toString(), "LD_LIBRARY_PATH", folder.toString(),
                            "MKL_THREADING_LAYER", "GNU", "MKL_NUM_THREADS", Integer.toString(threads));
                });
    }

    /** The library to be loaded first, beside the others that it looks for. */
    private static Path unpack(Path jar, Path folder) {
        Path first = folder;
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            Files.createDirectories(folder);
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                Path library = folder.resolve(Path.of(entry.getName()).getFileName().toString());
                if (!library.getFileName().toString().matches(LIBRARY)) {
                    continue;
                }
                if (!Files.exists(library) || Files.size(library) != entry.getSize()) {
                    Files.copy(zip.getInputStream(entry), library, StandardCopyOption.REPLACE_EXISTING);
                }
                if (library.getFileName().toString().startsWith("libmkl_rt")) {
                    first = library;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return first;
    }
}
