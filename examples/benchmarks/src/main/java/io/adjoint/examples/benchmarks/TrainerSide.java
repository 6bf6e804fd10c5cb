package io.adjoint.examples.benchmarks;

import io.adjoint.optim.train.Event;
import io.adjoint.optim.train.Listener;
import java.util.function.LongToDoubleFunction;

/**
 * Epochs of the same training by the library's trainer and by a loop of compiled steps, in turns. Both run in one thread, since
 * two may be on cores of different speed, and two processes differ by more than the trainer adds in what the JVM makes of the same
 * code. So do two trainings in one process, a little, by where their arrays lie: therefore there are several of each.
 */
final class TrainerSide implements Listener {
    private static final int TRAININGS = 24;

    /** Epochs of both in a round: neighbours on the machine make single ones differ by a tenth. */
    private static final int EPOCHS = 3;

    /** Epochs that later trainings take before they are timed: the code is compiled, their memory is fresh. */
    private static final int SETTLING = 16;

    private final int training;
    private final LongToDoubleFunction loop;
    private final WarmUp warmUp = new WarmUp();
    private boolean isWarm;
    /** Epochs to be timed. */
    private int left;
    /** When the trainer began with its epoch. */
    private long begin;

    private TrainerSide(int training, LongToDoubleFunction loop, int epochs) {
        this.training = training;
        this.loop = loop;
        left = epochs;
    }

    /** Takes the number of threads, which a system property sets, a workload and a number of rounds; prints the number of the training and milliseconds of both. */
    public static void main(String[] arguments) {
        Network network = ((TrainingStep) Workload.named(arguments[1])).network();
        int epochs = EPOCHS * Integer.parseInt(arguments[2]);
        for (int training = 0; training < TRAININGS; training++) {
            Epochs first = Epochs.of(network);
            Epochs second = Epochs.of(network);
            boolean isLoopFirst = training % 2 == 0;
            LongToDoubleFunction loop = (isLoopFirst ? first : second).loop();
            Epochs trained = isLoopFirst ? second : first;
            TrainerSide side = new TrainerSide(training, loop, epochs);
            trained.trainer().withListener(side).withStop(() -> side.left == 0).fit(trained.batches());
        }
    }

    @Override
    public void on(Event event) {
        switch (event) {
            case Event.EpochDone done -> turn(System.nanoTime() - begin, done.result().epoch(), done.result().loss());
            case Event.Started _, Event.StepDone _, Event.Saved _, Event.Ended _ -> {}
        }
        if (!(event instanceof Event.StepDone)) {
            begin = System.nanoTime();
        }
    }

    private void turn(long trainer, long epoch, double loss) {
        long beginOfLoop = System.nanoTime();
        double same = loop.applyAsDouble(epoch);
        long bare = System.nanoTime() - beginOfLoop;
        if (same != loss) {
            throw new BenchmarkException(
                    "the loop and the trainer do not compute the same: " + same + " and " + loss);
        }
        if (isWarm) {
            System.out.println(training + " " + bare / 1e6 + " " + trainer / 1e6);
            left--;
        } else {
            boolean isCompiled = warmUp.isOverAfter(trainer + bare);
            isWarm = isCompiled || training > 0 && epoch >= SETTLING;
        }
    }
}
