package io.adjoint.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class OptionsTest {
    @Test
    void takesOptionsInAnyOrder() {
        Options options = options("--peers", "--rate", "0.5", "--epochs", "3", "--filter", "conv-");
        assertEquals(3, options.integer("epochs", 5));
        assertEquals("conv-", options.text("filter", ""));
        assertTrue(options.flag("peers"));
        assertEquals(0.5, options.number("rate", 1));
        options.done();
    }

    @Test
    void givesTheDefaultsWhereNothingStands() {
        Options options = options();
        assertEquals(5, options.integer("epochs", 5));
        assertEquals("all", options.text("filter", "all"));
        assertFalse(options.flag("peers"));
        assertEquals(0.1, options.number("rate", 0.1));
        options.done();
    }

    @Test
    void refusesWhatItCannotUnderstand() {
        refused("option --epochs needs a value", () -> options("--epochs").integer("epochs", 5));
        refused("option --epochs needs a whole number, not '1.5'",
                () -> options("--epochs", "1.5").integer("epochs", 5));
        refused("option --rate needs a number, not 'fast'", () -> options("--rate", "fast").number("rate", 1));
        refused("unknown option '--epoch'", () -> options("--epoch", "3").done());
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static Options options(String... args) {
        return new Options(List.of(args));
    }
}
