package io.adjoint.optim;

import static io.adjoint.nn.reference.ReferenceValues.assertClose;
import static io.adjoint.nn.reference.ReferenceValues.error;
import static io.adjoint.nn.reference.ReferenceValues.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.reference.ReferenceFile;
import io.adjoint.optim.stage.Norms;
import io.adjoint.optim.transform.ClipByGlobalNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whole trainings against PyTorch: the losses, the lengths of gradients, and the model at the end. */
class TrainingReferenceTest {
    @TestFactory
    Stream<DynamicTest> trainings() {
        return ReferenceFile.pytorch("train.jsonl.gz").stream()
                .flatMap(json -> Stream.of(DType.F64, DType.F32).map(dtype -> dynamicTest(
                        json.get("id").getAsString() + " " + dtype, () -> check(json, dtype))));
    }

    private static void check(JsonObject json, DType dtype) {
        Course course = Course.of(json, dtype, _ -> {});
        // as the README's f32err: the error of a run in float32, here of one that is rounded to it between the steps alone
        Course rounded = dtype == DType.F64 ? course
                : Course.of(json, DType.F64,
                        variable -> variable.set(variable.value().cast(DType.F32).cast(DType.F64)));
        double[] losses = numbers(json, "losses");
        double[] conditions = numbers(json, "f32err_loss");
        for (int t = 0; t < losses.length; t++) {
            double allowed = dtype == DType.F64 ? 1e-8 * Math.abs(losses[t])
                    : 1e-4 * Math.abs(losses[t]) + 20 * conditions[t];
            assertEquals(losses[t], course.losses.get(t), allowed, "loss before step " + t);
        }
        double[] norms = numbers(json, "grad_norms");
        assertEquals(norms.length, course.norms.size());
        for (int t = 0; t < norms.length; t++) {
            double scale = Math.max(1, norms[t]);
            double condition = Math.abs(rounded.norms.get(t) - norms[t]) / scale;
            // the README's rule for gradients of modules
            double allowed = dtype == DType.F64 ? 1e-9 : 5e-5 + 10 * condition;
            assertEquals(norms[t], course.norms.get(t), allowed * scale, "length of the gradient in step " + t);
        }
        JsonObject end = json.getAsJsonObject("state_end");
        assertEquals(end.keySet(), course.end.keySet());
        course.end.forEach((name, value) -> {
            JsonArray expected = end.getAsJsonObject(name).getAsJsonArray("data");
            // the README's rule for the parameters of an optimizer in a closed loop
            double allowed = dtype == DType.F64 ? 1e-9 : 1e-4 + 10 * error(expected, rounded.end.get(name));
            assertClose(expected, value, allowed, name);
        });
    }

    private static double[] numbers(JsonObject json, String name) {
        return json.getAsJsonArray(name).asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
    }

    /** What a training went through. */
    private record Course(List<Double> losses, List<Double> norms, Map<String, Tensor> end) {
        /** @param between is done to each variable of floats of the model after each step */
        static Course of(JsonObject json, DType dtype, Consumer<Variable> between) {
            TrainedModel model = TrainedModel.of(json, dtype);
            Tensor x = tensor(json.getAsJsonObject("x"), dtype);
            Tensor y = tensor(json.getAsJsonObject("y"), dtype);
            assertTrue(json.get("lr_scheduler").isJsonNull(), "no maker for schedules here");
            Transformation steps =
                    OptimizerMakers.make(json.get("optimizer").getAsString(), json.getAsJsonObject("hyper"));
            Optimizer optimizer = (json.get("clip_grad_norm").isJsonNull() ? steps
                    : Chain.of(new ClipByGlobalNorm(json.get("clip_grad_norm").getAsDouble()), steps)).over(model);
            List<Double> losses = new ArrayList<>();
            List<Double> norms = new ArrayList<>();
            for (int t = 0; t < json.get("steps").getAsInt(); t++) {
                Tensor loss = Training.scope(() -> model.loss(x, y));
                losses.add(loss.item());
                List<Tensor> gradients = loss.gradients(optimizer.trained()).values();
                norms.add(Norms.global(gradients).item());
                optimizer.step(gradients);
                model.variables().values().stream().filter(variable -> variable.spec().dtype().isFloat())
                        .forEach(between);
            }
            losses.add(Training.scope(() -> model.loss(x, y)).item());
            return new Course(losses, norms, model.variables().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, variable -> variable.getValue().value())));
        }
    }
}
