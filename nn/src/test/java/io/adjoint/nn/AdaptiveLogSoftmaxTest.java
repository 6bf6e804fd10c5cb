package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AdaptiveLogSoftmaxTest {
    private static final AdaptiveLogSoftmax LAYER = AdaptiveLogSoftmax.Config.of(16, 12, List.of(3, 7))
            .withDType(DType.F64).withHeadBias().create(Rng.seed(1));
    private static final Tensor X = Rng.seed(2).normal(Shape.of(5, 16), DType.F64);

    @Test
    void variablesAreThoseOfPyTorch() {
        Map<String, Shape> shapes = new TreeMap<>();
        LAYER.variables().forEach((path, variable) -> shapes.put(path, variable.spec().shape()));
        assertEquals(Map.of("head.weight", Shape.of(5, 16), "head.bias", Shape.of(5), "tail.0.0.weight",
                Shape.of(4, 16), "tail.0.1.weight", Shape.of(4, 4), "tail.1.0.weight", Shape.of(1, 16),
                "tail.1.1.weight", Shape.of(5, 1)), shapes);
    }

    @Test
    void aClassHasTheProbabilityOfItsClusterTimesItsOwnThere() {
        Tensor head = LAYER.head().forward(X).softmax(-1);
        Tensor second = LAYER.tail().get(1).forward(X).softmax(-1);
        Tensor all = LAYER.logProbabilities(X).exp();
        assertEquals(Shape.of(5, 12), all.shape());
        assertTrue(all.sum(-1).sub(1).abs().max().item() < 1e-14);
        for (int n = 0; n < 5; n++) {
            assertEquals(at(head, n, 2), at(all, n, 2), 1e-15);
            assertEquals(at(head, n, 4) * at(second, n, 3), at(all, n, 7 + 3), 1e-15);
        }
    }

    @Test
    void theLossIsTheMeanOfTheTargets() {
        Tensor all = LAYER.logProbabilities(X);
        long[] labels = {0, 3, 6, 7, 11};
        AdaptiveLogSoftmax.Output found = LAYER.forward(X, Tensor.of(labels));
        double sum = 0;
        for (int n = 0; n < 5; n++) {
            assertEquals(at(all, n, (int) labels[n]), found.output().select(0, n).item(), 0);
            sum -= at(all, n, (int) labels[n]);
        }
        assertEquals(sum / 5, found.loss().item(), 1e-14);
        assertTrue(LAYER.mostProbable(X).sameBits(all.argmax(-1)));
        Tensor one = LAYER.forward(X.select(0, 1), Tensor.scalar(3, DType.I64)).output();
        assertEquals(Shape.scalar(), one.shape());
        assertEquals(found.output().select(0, 1).item(), one.item(), 1e-14);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThrows(ShapeException.class, () -> AdaptiveLogSoftmax.of(8, 10, List.of(4, 4), Rng.seed(1)));
        assertThrows(ShapeException.class, () -> AdaptiveLogSoftmax.of(8, 10, List.of(10), Rng.seed(1)));
        assertThrows(ShapeException.class, () -> AdaptiveLogSoftmax.of(8, 10, List.of(2, 4), Rng.seed(1)));
        assertThrows(ShapeException.class,
                () -> new AdaptiveLogSoftmax(LAYER.head(), LAYER.tail(), List.of(2, 7, 12)));
        assertThrows(ShapeException.class, () -> LAYER.forward(X, Tensor.of(new long[] {0, 1, 2, 3, 12})));
        assertThrows(ShapeException.class, () -> LAYER.forward(X, Tensor.of(new long[] {0, 1})));
    }

    private static double at(Tensor x, int row, int column) {
        return x.select(0, row).select(0, column).item();
    }
}
