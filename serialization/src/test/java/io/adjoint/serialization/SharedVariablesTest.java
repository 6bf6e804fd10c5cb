package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Models;
import io.adjoint.nn.Selection;
import io.adjoint.nn.loss.MseLoss;
import io.adjoint.optim.Sgd;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that are tied, and parts of models, in files. */
class SharedVariablesTest {
    @TempDir
    Path folder;

    /** A model that decodes with the weight by which it encodes. */
    private record Tied(Linear encoder, Linear decoder) implements Layer {
        static Tied of(long seed) {
            Linear encoder = Linear.of(3, 3, Rng.seed(seed));
            return new Tied(encoder, new Linear(encoder.weight(), Optional.empty()));
        }

        @Override
        public Tensor forward(Tensor x) {
            return decoder.forward("decoder", encoder.forward("encoder", x));
        }
    }

    private final Tensor x = Tensor.of(new float[] {1, -2, 3}, 1, 3);

    @Test
    void tiedWeightsAreSavedOnceAndStayTied() {
        Tied saved = Tied.of(1);
        Tied loaded = Tied.of(2);
        Path file = folder.resolve("tied");
        Checkpoint.save(file, saved);
        assertEquals(List.of("encoder.weight", "encoder.bias"), List.copyOf(Checkpoint.read(file).tensors().keySet()));
        Checkpoint.load(file, loaded);
        assertSame(loaded.encoder.weight(), loaded.decoder.weight());
        assertTrue(saved.forward(x).sameBits(loaded.forward(x)));
        for (Tied model : List.of(saved, loaded)) {
            Sgd.of(0.01).over(model).minimize(() -> MseLoss.standard().of(model.forward(x), x));
        }
        assertTrue(saved.forward(x).sameBits(loaded.forward(x)), "after a step");
    }

    @Test
    void aCopyOfATiedModelTakesTheSameFile() {
        Tied model = Tied.of(1);
        Tied copy = Models.copy(Tied.of(2));
        Path file = folder.resolve("copy");
        Checkpoint.save(file, model);
        Checkpoint.load(file, copy);
        assertSame(copy.encoder.weight(), copy.decoder.weight());
        assertTrue(model.forward(x).sameBits(copy.forward(x)));
    }

    private record Net(Linear encoder, Linear head) implements Layer {
        static Net of(long seed, int classes) {
            return new Net(Linear.of(3, 3, Rng.seed(seed)), Linear.of(3, classes, Rng.seed(seed).stream(1)));
        }

        @Override
        public Tensor forward(Tensor x) {
            return head.forward("head", encoder.forward("encoder", x));
        }
    }

    @Test
    void aPartOfAModelGoesIntoAnotherWithItsOwnHead() {
        Net trained = Net.of(1, 5);
        Net other = Net.of(2, 2);
        Tensor head = other.head.weight().value();
        Path file = folder.resolve("encoder");
        Checkpoint.save(file, Selection.of(trained).only("encoder"));
        Checkpoint.load(file, Selection.of(other).only("encoder"));
        assertTrue(trained.encoder.forward(x).sameBits(other.encoder.forward(x)));
        assertTrue(head.sameBits(other.head.weight().value()));
        assertThrows(ModelFileException.class, () -> Checkpoint.load(file, other));
    }
}
