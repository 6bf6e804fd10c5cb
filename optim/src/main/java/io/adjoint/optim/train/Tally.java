package io.adjoint.optim.train;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** What a run counts, as plain numbers for the loop and as a buffer for checkpoints. */
final class Tally implements Module {
    private static final int NUMBERS = 5;

    private final Criterion criterion;
    private final Variable saved = Variable.buffer(Tensor.zeros(Shape.of(NUMBERS), DType.F64));
    private double lossSum;
    private double examples;
    private double best;
    /** The figure that the next one has to be better than by the least difference. */
    private double reference;
    private double idle;

    Tally(Criterion criterion) {
        this.criterion = criterion;
        best = criterion.worst();
        reference = criterion.worst();
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        parts.put("numbers", saved);
        return Collections.unmodifiableSequencedMap(parts);
    }

    void write() {
        saved.set(Tensor.of(new double[] {lossSum, examples, best, reference, idle}));
    }

    void read() {
        double[] numbers = saved.value().toDoubles();
        lossSum = numbers[0];
        examples = numbers[1];
        best = numbers[2];
        reference = numbers[3];
        idle = numbers[4];
    }

    void step(double loss, int size) {
        lossSum += loss * size;
        examples += size;
    }

    /** The mean loss of the epoch, which begins anew. */
    double endOfEpoch() {
        double mean = lossSum / examples;
        lossSum = 0;
        examples = 0;
        return mean;
    }

    /** Whether this figure is better than all before. */
    boolean judge(double figure, double minDelta) {
        if (criterion.isBetter(figure, reference, minDelta)) {
            reference = figure;
            idle = 0;
        } else {
            idle++;
        }
        if (criterion.isBetter(figure, best, 0)) {
            best = figure;
            return true;
        }
        return false;
    }

    /** Epochs since the last improvement that counts. */
    double idle() {
        return idle;
    }

    boolean hasBest() {
        return best != criterion.worst();
    }
}
