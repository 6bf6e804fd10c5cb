package io.adjoint.optim.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.optim.Adam;
import io.adjoint.optim.Chain;
import io.adjoint.optim.Curvature;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.Sophia;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.transform.ClipByGlobalNorm;
import io.adjoint.optim.transform.Partition;
import io.adjoint.optim.transform.SkipNonFinite;
import java.util.function.Supplier;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Sophia in a trainer, which shows it the curvature. */
class CurvatureTest {
    private record Learning(Setup setup, Optimizer optimizer, CurvatureEstimates estimates) {
        static Learning of(long seed, int every) {
            Setup setup = Setup.of(seed);
            return new Learning(setup, Sophia.of(0.02).over(setup.model()),
                    new CurvatureEstimates(every, Rng.seed(9)));
        }

        Trainer trainer() {
            return Trainer.of(setup.model(), Losses::crossEntropy, optimizer, Setup.EPOCHS).withCurvature(estimates);
        }

        Batches batches() {
            return setup.batches();
        }

        void assertSameAs(Learning other) {
            Setup.assertSame(setup.model().variables(), other.setup.model().variables());
            Setup.assertSame(optimizer.variables(), other.optimizer.variables());
        }
    }

    @Property(tries = 12, edgeCases = EdgeCasesMode.NONE)
    void itIsTheLoopOfItsDocumentation(@ForAll @IntRange(min = 1, max = 6) int every, @ForAll Execution execution,
            @ForAll @IntRange(max = 15) int stop) {
        Learning byHand = Learning.of(1, every);
        int step = 0;
        for (int epoch = 0; epoch < Setup.EPOCHS; epoch++) {
            for (Batch batch : byHand.batches().epoch(epoch)) {
                Supplier<Tensor> loss = () -> Losses.crossEntropy(byHand.setup.model().forward(batch.features()),
                        batch.targets());
                if (step % every == 0) {
                    byHand.optimizer.learn(Curvature.hutchinson(loss, Rng.seed(9).stream(step).key()));
                }
                byHand.optimizer.minimize(loss);
                step++;
            }
        }
        MemoryStore store = new MemoryStore();
        Learning part = Learning.of(1, every);
        int[] left = {stop};
        part.trainer().withExecution(execution).withSaving(Saving.in(store)).withStop(() -> left[0]-- == 0)
                .fit(part.batches());
        Learning rest = Learning.of(2, every);
        rest.trainer().withExecution(execution).withSaving(Saving.in(store)).resume(rest.batches());
        rest.assertSameAs(byHand);
    }

    @Example
    void whoLearnsIsFoundOutAndKeepsItsState() {
        Setup setup = Setup.of(1);
        Sophia sophia = Sophia.of(0.01);
        assertTrue(sophia.over(setup.model()).learnsCurvature());
        assertTrue(Chain.of(new ClipByGlobalNorm(1), sophia).over(setup.model()).learnsCurvature());
        assertTrue(new SkipNonFinite(sophia).over(setup.model()).learnsCurvature());
        assertTrue(Partition.of(new Partition.Group("0.*", sophia), new Partition.Group(".*", Adam.of(0.1)))
                .over(setup.model()).learnsCurvature());
        assertFalse(Adam.of(0.01).over(setup.model()).learnsCurvature());
        Learning learned = Learning.of(1, 1);
        Learning same = Learning.of(1, 1);
        learned.trainer().fit(learned.batches());
        same.trainer().fit(same.batches());
        assertTrue(learned.optimizer.learnsCurvature());
        learned.assertSameAs(same);
    }

    @Example
    void noEstimatesAreRefused() {
        assertThrows(ShapeException.class, () -> new CurvatureEstimates(0, Rng.seed(1)));
        assertEquals(10, CurvatureEstimates.DEFAULT.every());
    }
}
