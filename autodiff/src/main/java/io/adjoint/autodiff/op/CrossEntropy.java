package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.IndexKernel;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * For each row of logits {@code [n, classes]} the negative logarithm of the probability that its softmax gives to the
 * label, an I64 {@code [n]}; the result is {@code [n]}. Stable for logits of any size.
 */
public record CrossEntropy() implements RowOp, Yielding {
    /** The difference of the chosen logits, from which the greatest ones were taken, from the logarithms of sums. */
    private static final Map<DType, MapKernel> LOSSES = Map.of(DType.F32, loss(DType.F32), DType.F64, loss(DType.F64));

    private static final Gradient GRADIENT = Gradient.of(
            Gradient.Partial.reading(0, 1, v -> {
                Tensor probabilities = v.input(0).softmax(1);
                Tensor labels = v.input(1).unsqueeze(1);
                Tensor minusOne = Tensor.full(labels.shape(), v.cotangent().dtype(), -1);
                return v.cotangent().unsqueeze(1).mul(probabilities.scatterAdd(1, labels, minusOne));
            }),
            Gradient.Partial.none());

    @Override
    public String id() {
        return "cross_entropy";
    }

    @Override
    public String formula() {
        return "ln (sum of e^a[i, j] over j) - a[i, b[i]]";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("SoftmaxCrossEntropyLoss");
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        TensorSpec logits = inputs.getFirst();
        TensorSpec labels = inputs.getLast();
        Reducing.requireFloat(id(), logits.dtype());
        if (logits.shape().rank() != 2 || labels.dtype() != DType.I64
                || !labels.shape().equals(Shape.of(logits.shape().dim(0)))) {
            throw ShapeException.of(id(), "labels do not fit the logits")
                    .operand("logits", logits)
                    .operand("labels", labels)
                    .expected("logits [n, classes] and labels I64[n]");
        }
        if (logits.shape().size() == 0 && logits.shape().dim(0) > 0) {
            throw ShapeException.of(id(), "no classes").operand("logits", logits).expected("one class or more");
        }
        return new TensorSpec(logits.dtype(), labels.shape());
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        TensorSpec spec = new TensorSpec(inputs.getFirst().dtype(), inputs.getLast().shape());
        return Prepared.computeSome(this, spec, inputs);
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepare(List<Array> inputs, Array out) {
        Array logits = inputs.getFirst();
        return prepare(inputs, out, (greatest, logSum) -> RowProgram.LOG_SUM_EXP.prepare(new Array[] {logits}, greatest,
                logSum));
    }

    /** The softmax of the logits along the classes. */
    @Override
    public List<Call> yields(List<TensorSpec> inputs) {
        return List.of(new Call(new Softmax(1), List.of(0)));
    }

    @Override
    @SuppressWarnings("exports")
    public Launch prepareYielding(List<Array> inputs, List<Optional<Array>> given, Array out,
            List<Optional<Array>> others) {
        Array logits = inputs.getFirst();
        return others.getFirst()
                .map(softmax -> prepare(inputs, out, (greatest, logSum) -> RowProgram.SOFTMAX_AND_LOG_SUM
                        .prepare(new Array[] {logits}, softmax, greatest, logSum)))
                .orElseGet(() -> prepare(inputs, out));
    }

    /** @param rows binds what gives the greatest of each row and the logarithm of the sum */
    private Launch prepare(List<Array> inputs, Array out, BiFunction<Array, Array, Launch> rows) {
        Array logits = inputs.getFirst();
        Array labels = inputs.getLast();
        Shape column = Shape.of(out.size(), 1);
        Array index = labels.view(column, new int[] {labels.stride(0), 1}, labels.offset());
        Array greatest = Array.resident(out.dtype(), out.shape());
        Array logSum = Array.resident(out.dtype(), out.shape());
        Array chosen = Array.resident(out.dtype(), out.shape());
        return Launch.all(IndexRules.inRange(id(), 1, logits.shape(), index),
                rows.apply(greatest, logSum),
                IndexKernel.gather(logits, index, 1, chosen.view(column, new int[] {1, 1}, chosen.offset())),
                LOSSES.get(out.dtype()).prepare(new Array[] {logSum, chosen, greatest}, out));
    }

    private static MapKernel loss(DType type) {
        return MapKernel.of(Lane.input(0, type).sub(Lane.input(1, type).sub(Lane.input(2, type))));
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        Tensor logits = sampler.tensor(sampler.filled(2, 2), Domain.REAL);
        return Sample.of(new CrossEntropy(), logits,
                sampler.indices(Shape.of(logits.shape().dim(0)), logits.shape().dim(1)));
    }
}
