package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class PretrainedTest {
    private static final Path NOWHERE = Path.of("none");

    @Test
    void aMissingModelSkipsTheTestOrFailsIt() {
        assertEquals("skipped: none.onnx is not here; run with -Ppretrained",
                assertThrows(TestAbortedException.class,
                        () -> Pretrained.find("none.onnx", NOWHERE, Pretrained.Missing.SKIPS)).getMessage());
        assertEquals("none.onnx is not here: the profile pretrained should have brought it, on the class path or into "
                + Pretrained.UNPACKED,
                assertThrows(AssertionFailedError.class,
                        () -> Pretrained.find("none.onnx", NOWHERE, Pretrained.Missing.FAILS)).getMessage());
    }
}
