package io.adjoint.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.data.Dataset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The four equations of backpropagation, by hand, are the gradients that the tape finds. */
class BackpropagationTest {
    private static final Dataset IRIS = ExampleData.iris();

    @Property(tries = 100)
    void equationsByHandAreTheGenericGradients(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int hidden) {
        Tensor x = Backpropagation.standardised(IRIS.features().cast(DType.F64));
        Tensor y = Backpropagation.oneHot(IRIS.targets(), 3);
        TwoLayerNetwork network = TwoLayerNetwork.random(4, hidden, 3, Rng.seed(seed));
        TwoLayerNetwork.Backward byHand = network.backward(x, y);
        TwoLayerNetwork.Backward automatic = network.automatic(x, y);
        assertClose("output error", byHand.error2(), automatic.error2());
        assertClose("error passed back", byHand.error1(), automatic.error1());
        assertClose("bias gradient 2", byHand.b2(), automatic.b2());
        assertClose("bias gradient 1", byHand.b1(), automatic.b1());
        assertClose("weight gradient 2", byHand.w2(), automatic.w2());
        assertClose("weight gradient 1", byHand.w1(), automatic.w1());
    }

    private static void assertClose(String what, Tensor byHand, Tensor automatic) {
        assertEquals(byHand.spec(), automatic.spec(), what);
        double difference = byHand.sub(automatic).abs().max().item();
        assertTrue(difference <= 1e-14, what + " differs by " + difference);
        assertTrue(byHand.abs().max().item() > 0, what + " is zero, which would prove nothing");
    }

    @Test
    void theStoryEndsWithATrainedNetwork() {
        Console console = Console.run("backpropagation");
        assertEquals(0, console.status(), console.err());
        Matcher last = Pattern.compile("step 2000 .* right (\\d+) of 150").matcher(console.out());
        assertTrue(last.find(), console.out());
        assertTrue(Integer.parseInt(last.group(1)) >= 140, last.group());
    }
}
