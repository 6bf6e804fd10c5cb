package io.adjoint.serialization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The checksum of the sections' checksums: a section that is lost, doubled or out of place changes it. */
final class SectionChecksums {
    private final CRC32C total = new CRC32C();
    private final ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    void add(int sectionChecksum) {
        total.update(bytes.putInt(0, sectionChecksum).array());
    }

    int checksum() {
        return (int) total.getValue();
    }
}
