package io.adjoint.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Linear;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.nn.Sequential;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Dataset;
import io.adjoint.serialization.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the README compiles, runs and does what is said there. */
class ReadmeTest {
    private static final Path README = Path.of("../README.md");
    private static final Path SOURCE = Path.of("src/test/java/io/adjoint/examples/ReadmeTest.java");

    @Test
    void tenLinesDefineTrainSaveAndReload(@TempDir Path folder) {
        Dataset data = ExampleData.iris();
        Path file = folder.resolve("model.adjoint");
        // README
        Sequential model = network(Rng.seed(1));
        Optimizer optimizer = Sgd.of(0.1).withMomentum(0.9).over(model);
        for (int epoch = 0; epoch < 20; epoch++) {
            for (Batch batch : data.batches(32, Rng.seed(2)).epoch(epoch)) {
                optimizer.minimize(() -> Losses.crossEntropy(model.forward(batch.features()), batch.targets()));
            }
        }
        Checkpoint.save(file, model, Map.of("trained on", "iris"));
        Sequential reloaded = network(Rng.seed(3));
        Checkpoint.load(file, reloaded);
        // end
        assertTrue(reloaded.forward(data.features()).sameBits(model.forward(data.features())));
        double accuracy = reloaded.forward(data.features()).argmax(1).eq(data.targets())
                .cast(DType.F64).mean().item();
        assertTrue(accuracy > 0.9, "accuracy " + accuracy);
    }

    // README
    static Sequential network(Rng rng) {
        return Sequential.of(Linear.of(4, 16, rng.stream(0)), Activation.RELU, Linear.of(16, 3, rng.stream(1)));
    }
    // end

    @Test
    void theReadmeShowsTheseVeryLines() throws IOException {
        String readme = Files.readString(README);
        List<String> shown = Files.readAllLines(SOURCE);
        int blocks = 0;
        for (int start = 0; start < shown.size(); start++) {
            if (shown.get(start).strip().equals("// README")) {
                int end = start + 1;
                while (!shown.get(end).strip().equals("// end")) {
                    end++;
                }
                String block = String.join("\n", shown.subList(start + 1, end)).stripIndent();
                assertTrue(readme.contains("```java\n" + block + "\n```"), "the README lacks\n" + block);
                blocks++;
            }
        }
        assertTrue(blocks == 2, "blocks found: " + blocks);
    }
}
