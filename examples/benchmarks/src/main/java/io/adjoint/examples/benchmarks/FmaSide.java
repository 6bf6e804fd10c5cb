package io.adjoint.examples.benchmarks;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What the machine's multiply-add units can do at most: a loop that touches registers only. Whatever is asked for, it does that. */
final class FmaSide implements Job {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Twelve chains hide a latency of up to six cycles at two a cycle; with the two operands they fit sixteen registers. */
    private static final int CHAINS = 12;

    /** Some two milliseconds, far above the microseconds of waking a thread. */
    private static final int ROUNDS = 1_000_000;

    private final ExecutorService pool;
    private final List<Callable<Float>> loops;

    private FmaSide(int threads) {
        this.pool = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
        this.loops = Stream.generate(() -> (Callable<Float>) FmaSide::loop).limit(threads).toList();
    }

    /** See {@link Side#main}. */
    public static void main(String[] arguments) {
        FmaSide side = new FmaSide(Integer.parseInt(arguments[0]));
        Side.main(arguments, workload -> side);
    }

    @Override
    public void run() {
        try {
            for (var result : pool.invokeAll(loops)) {
                result.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Multiplications and additions of a run, on all threads together. */
    @Override
    public double[] evidence() {
        return new double[] {2.0 * CHAINS * ROUNDS * SPECIES.length() * loops.size()};
    }

    private static float loop() {
        FloatVector a = FloatVector.broadcast(SPECIES, 1.0e-3f);
        FloatVector b = FloatVector.broadcast(SPECIES, 0.5f);
        // Different numbers, lest a compiler finds that one chain would do.
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = c0.add(1);
        FloatVector c2 = c0.add(2);
        FloatVector c3 = c0.add(3);
        FloatVector c4 = c0.add(4);
        FloatVector c5 = c0.add(5);
        FloatVector c6 = c0.add(6);
        FloatVector c7 = c0.add(7);
        FloatVector c8 = c0.add(8);
        FloatVector c9 = c0.add(9);
        FloatVector c10 = c0.add(10);
        FloatVector c11 = c0.add(11);
        for (int round = 0; round < ROUNDS; round++) {
            c0 = a.fma(b, c0);
            c1 = a.fma(b, c1);
            c2 = a.fma(b, c2);
            c3 = a.fma(b, c3);
            c4 = a.fma(b, c4);
            c5 = a.fma(b, c5);
            c6 = a.fma(b, c6);
            c7 = a.fma(b, c7);
            c8 = a.fma(b, c8);
            c9 = a.fma(b, c9);
            c10 = a.fma(b, c10);
            c11 = a.fma(b, c11);
        }
        return c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7).add(c8).add(c9).add(c10).add(c11)
                .reduceLanes(VectorOperators.ADD);
    }
}
