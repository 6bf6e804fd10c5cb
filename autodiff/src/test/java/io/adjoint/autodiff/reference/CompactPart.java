package io.adjoint.autodiff.reference;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The part of the reference values that travels with the sources, so that a clone alone is checked against them: every
 * case whose line has at most {@value #LONGEST_LINE} characters, in the order of the whole file.
 */
final class CompactPart {
    static final int LONGEST_LINE = 6_000;
    private static final String RESOURCE = "ops-compact.jsonl.gz";

    private CompactPart() {}

    /** The lines that travel with the sources. */
    static List<String> lines() throws IOException {
        InputStream resource = CompactPart.class.getResourceAsStream(RESOURCE);
        return ReferenceFile.lines(Objects.requireNonNull(resource, RESOURCE));
    }

    /** What the rule keeps of the whole file. */
    static List<String> of(List<String> lines) {
        return lines.stream().filter(line -> line.length() <= LONGEST_LINE).toList();
    }

    /**
     * Cuts the compact part anew.
     *
     * @param args the whole file, and the file to write
     */
    static void main(String[] args) throws IOException {
        List<String> kept = of(ReferenceFile.lines(Files.newInputStream(Path.of(args[0]))));
        try (OutputStream file = Files.newOutputStream(Path.of(args[1])); OutputStream out = new Smallest(file)) {
            for (String line : kept) {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        System.out.println(kept.size() + " cases in " + Files.size(Path.of(args[1])) + " bytes");
    }

    private static final class Smallest extends GZIPOutputStream {
        Smallest(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
