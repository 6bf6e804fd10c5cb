package io.adjoint.nn;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.autodiff.function.Reduction;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.check.GradientCheck;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** First and second derivatives of layers and losses against differences. */
class GradientsTest {
    /** Layers without a kink, which differences could step over. */
    private static final List<Layer> SMOOTH = List.of(Activation.TANH, Activation.SIGMOID, Activation.SOFTPLUS,
            Activation.GELU, Activation.SILU, new Softmax(-1), new LogSoftmax(0), Flatten.examples());

    @Provide
    Arbitrary<Layer> smooth() {
        return Arbitraries.of(SMOOTH);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void ofRandomModelsByInputAndParameters(@ForAll @Size(min = 1, max = 3) List<@From("smooth") Layer> activations,
            @ForAll @IntRange(min = 1, max = 4) int rows, @ForAll @LongRange(min = 0, max = 9999) long seed) {
        Rng rng = Rng.seed(seed);
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < activations.size(); i++) {
            layers.add(Linear.Config.of(2 + i, 3 + i).withDType(DType.F64).create(rng.stream(i)));
            layers.add(activations.get(i));
        }
        Sequential model = new Sequential(layers);
        Tensor x = rng.stream(100).normal(Shape.of(rows, 2), DType.F64);
        GradientCheck check = GradientCheck.of(model.toString()).withSeed(seed);
        check.check(in -> model.forward(in.getFirst()), x);
        check.check(model.parameters(), () -> model.forward(x));
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void ofLossesAndKinksAwayFromZero(@ForAll @IntRange(min = 1, max = 4) int rows,
            @ForAll @LongRange(min = 0, max = 9999) long seed) {
        Rng rng = Rng.seed(seed);
        Tensor x = rng.stream(0).normal(Shape.of(rows, 3), DType.F64);
        Tensor target = rng.stream(1).normal(Shape.of(rows, 3), DType.F64);
        Tensor labels = rng.stream(2).uniform(Shape.of(rows), DType.F64).mul(3).floor().cast(DType.I64);
        GradientCheck check = GradientCheck.of("losses").withSeed(seed);
        for (Reduction reduction : Reduction.values()) {
            check.check(in -> Losses.crossEntropy(in.getFirst(), labels, reduction), x);
            check.check(in -> Losses.meanSquaredError(in.getFirst(), in.getLast(), reduction), x, target);
        }
        Tensor away = x.add(x.sign().mul(0.1));
        check.check(in -> LeakyRelu.standard().forward(in.getFirst()), away);
        check.check(in -> Activation.RELU.forward(in.getFirst()), away);
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void ofDropoutWithItsMaskHeld(@ForAll @LongRange(min = 0, max = 9999) long seed) {
        Rng rng = Rng.seed(seed);
        Linear layer = Linear.Config.of(3, 8).withDType(DType.F64).create(rng.stream(0));
        Tensor x = rng.stream(1).normal(Shape.of(2, 3), DType.F64);
        Tensor key = rng.key();
        GradientCheck.of("dropout").withSeed(seed).check(layer.parameters(),
                () -> new Dropout(0.4, Variable.buffer(key)).forward(layer.forward(x)));
    }
}
