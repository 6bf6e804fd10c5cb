package io.adjoint.nn;

import io.adjoint.autodiff.Observation;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The parts of a model with what they compute and what that costs, found by running it once as inference. Prints as a table,
 * of which the first line is the whole model:
 *
 * <pre>{@code
 * path  type        output      parameters  multiply-adds   memory
 *       Sequential  F32[1, 10]         330            300  1.5 KiB
 * 0     Linear      F32[1, 20]         120            100    560 B
 * 1     TANH        F32[1, 20]           0              0     80 B
 * 2     Linear      F32[1, 10]         210            200    880 B
 * }</pre>
 *
 * @param rows for each path of a module in the tree, a shared one at each of its paths
 */
public record Summary(List<Row> rows) {
    public Summary {
        rows = List.copyOf(rows);
    }

    /**
     * One part.
     *
     * @param path in the model
     * @param type name of its class, or of the constant
     * @param outputs what its last call returned, as tensors; none if it was not called by its name
     * @param parameters elements of the parameters in it, each counted once
     * @param multiplyAdds of the products that were computed in it, in all calls
     * @param memory bytes of the variables in it and of what the innermost parts in it returned, in all calls
     */
    public record Row(String path, String type, List<TensorSpec> outputs, long parameters, long multiplyAdds,
            long memory) {
        public Row {
            outputs = List.copyOf(outputs);
        }
    }

    /** The summary of a layer that is given zeros. */
    public static Summary of(Layer model, TensorSpec input) {
        return of(model, () -> model.forward(Tensor.zeros(input.shape(), input.dtype())));
    }

    /** The summary of a model with a call of it; the result may be a tensor, or a list or record of tensors. */
    public static Summary of(Module model, Supplier<?> call) {
        Costs costs = new Costs();
        Object result = Training.suspended(() -> Captures.during(costs, () -> Observation.scope((op, inputs, _) -> {
            costs.count(Captures.path(costs), op.multiplyAdds(inputs));
        }, call::get)));
        costs.returned("", result);
        List<Row> rows = new ArrayList<>();
        Models.modules(model).forEach((path, module) -> rows.add(new Row(path, type(module), costs.outputs(path),
                Selection.parametersOf(module).elements(), costs.multiplyAdds(path),
                Selection.of(module).bytes() + costs.bytes(path))));
        return new Summary(rows);
    }

    private static String type(Module module) {
        if (module instanceof Enum<?> constant) {
            return constant.name();
        }
        return module.getClass().isHidden() ? "lambda" : module.getClass().getSimpleName();
    }

    /** The row of a path, if there is one. */
    public Optional<Row> row(String path) {
        return rows.stream().filter(row -> row.path.equals(path)).findFirst();
    }

    @Override
    public String toString() {
        return SummaryTable.of(rows);
    }

    /** What was seen of a run. */
    private static final class Costs implements Captures.Recorder {
        private final Map<String, List<TensorSpec>> outputs = new LinkedHashMap<>();
        private final Map<String, Long> bytes = new LinkedHashMap<>();
        private final Map<String, Long> multiplyAdds = new LinkedHashMap<>();

        @Override
        public void returned(String path, Object output) {
            List<TensorSpec> specs = tensors(output).map(Tensor::spec).toList();
            outputs.put(path, specs);
            bytes.merge(path, specs.stream().mapToLong(Bytes::of).sum(), Long::sum);
        }

        void count(String path, long products) {
            multiplyAdds.merge(path, products, Long::sum);
        }

        List<TensorSpec> outputs(String path) {
            return outputs.getOrDefault(path, List.of());
        }

        long multiplyAdds(String path) {
            return multiplyAdds.keySet().stream().filter(at -> isIn(path, at)).mapToLong(multiplyAdds::get).sum();
        }

        /** Outputs of parts around others are mostly those of the last one inside, or views of it. */
        long bytes(String path) {
            return bytes.keySet().stream().filter(at -> isIn(path, at))
                    .filter(at -> bytes.keySet().stream().noneMatch(other -> !other.equals(at) && isIn(at, other)))
                    .mapToLong(bytes::get).sum();
        }

        private static boolean isIn(String part, String path) {
            return part.isEmpty() || path.equals(part) || path.startsWith(part + ".");
        }

        private static Stream<Tensor> tensors(Object output) {
            return switch (output) {
                case Tensor tensor -> Stream.of(tensor);
                case Optional<?> optional -> optional.stream().flatMap(Costs::tensors);
                case Collection<?> several -> several.stream().flatMap(Costs::tensors);
                case Object[] several -> Stream.of(several).flatMap(Costs::tensors);
                case Record record when Components.areReadable(record.getClass()) ->
                    Components.values(record).stream().flatMap(Costs::tensors);
                case null, default -> Stream.empty();
            };
        }
    }
}
