package io.adjoint.optim;

import static io.adjoint.nn.reference.ReferenceValues.assertClose;
import static io.adjoint.nn.reference.ReferenceValues.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.nn.reference.ReferenceFile;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Sgd against {@code torch.optim.SGD}, step by step, with given gradients and on a function of its own. */
class SgdReferenceTest {
    /** One parameter of the case, with an optimizer of its own since its hyperparameters may differ. */
    private record Group(Variable parameter) implements Module {}

    @TestFactory
    Stream<DynamicTest> steps() {
        List<JsonObject> cases = ReferenceFile.pytorch("optim.jsonl.gz").stream()
                .filter(json -> json.get("kind").getAsString().equals("optimizer"))
                .filter(json -> json.get("optimizer").getAsString().equals("SGD")).toList();
        assertFalse(cases.isEmpty(), "no case at all");
        return cases.stream().flatMap(json -> Stream.of(DType.F64, DType.F32).map(dtype -> dynamicTest(
                json.get("id").getAsString() + " " + json.get("mode").getAsString() + " " + dtype,
                () -> check(json, dtype))));
    }

    private static void check(JsonObject json, DType dtype) {
        boolean closedLoop = json.get("mode").getAsString().equals("closed_loop");
        List<Group> groups = json.getAsJsonArray("p0").asList().stream()
                .map(p -> new Group(Variable.parameter(tensor(p.getAsJsonObject(), dtype)))).toList();
        List<Optimizer> optimizers = IntStream.range(0, groups.size())
                .mapToObj(i -> sgd(hyper(json, i)).over(groups.get(i))).toList();
        JsonArray steps = json.getAsJsonArray("steps");
        JsonArray errors = json.getAsJsonArray("f32err_step");
        for (int t = 0; t < steps.size(); t++) {
            JsonObject step = steps.get(t).getAsJsonObject();
            List<Tensor> gradients = closedLoop ? gradients(groups) : given(step, groups, dtype);
            double tolerance = tolerance(closedLoop, dtype, errors.get(t));
            for (int i = 0; i < groups.size(); i++) {
                optimizers.get(i).step(List.of(gradients.get(i)));
                assertClose(step.getAsJsonArray("p").get(i).getAsJsonArray(), groups.get(i).parameter.value(),
                        tolerance, "parameter " + i + " after step " + t);
            }
        }
        JsonObject state = json.getAsJsonObject("state_end");
        double tolerance = tolerance(closedLoop, dtype, errors.get(steps.size() - 1));
        for (int i = 0; i < groups.size(); i++) {
            checkState(state.getAsJsonObject(Integer.toString(i)), optimizers.get(i), tolerance);
        }
    }

    private static void checkState(JsonObject expected, Optimizer optimizer, double tolerance) {
        List<Tensor> velocities = optimizer.variables().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(".velocity")).map(entry -> entry.getValue().value()).toList();
        assertEquals(expected.has("momentum_buffer") ? 1 : 0, velocities.size(), "velocities in the state");
        velocities.forEach(velocity -> assertClose(expected.getAsJsonObject("momentum_buffer").getAsJsonArray("data"),
                velocity, tolerance, "momentum buffer"));
    }

    private static JsonObject hyper(JsonObject json, int group) {
        JsonObject hyper = json.getAsJsonObject("hyper").deepCopy();
        if (!json.get("groups").isJsonNull()) {
            json.getAsJsonArray("groups").get(group).getAsJsonObject().asMap().forEach(hyper::add);
        }
        return hyper;
    }

    private static Sgd sgd(JsonObject hyper) {
        Momentum momentum =
                new Momentum(number(hyper, "momentum"), number(hyper, "dampening"), flag(hyper, "nesterov"));
        Sgd sgd = Sgd.of(number(hyper, "lr")).withMomentum(momentum).withWeightDecay(number(hyper, "weight_decay"));
        return flag(hyper, "maximize") ? sgd.maximizing() : sgd;
    }

    private static double number(JsonObject hyper, String key) {
        return hyper.has(key) ? hyper.get(key).getAsDouble() : 0;
    }

    private static boolean flag(JsonObject hyper, String key) {
        return hyper.has(key) && hyper.get(key).getAsBoolean();
    }

    private static List<Tensor> given(JsonObject step, List<Group> groups, DType dtype) {
        JsonArray gradients = step.getAsJsonArray("g");
        return IntStream.range(0, groups.size()).mapToObj(i -> tensor(gradients.get(i).getAsJsonArray(),
                groups.get(i).parameter.spec().shape(), dtype)).toList();
    }

    /** Of {@code sum (1 - x_i)^2 + 5 (x_(i+1) - x_i^2)^2 + 0.3 sum sin(3 x_i)} over all parameters joined. */
    private static List<Tensor> gradients(List<Group> groups) {
        return Training.scope(() -> {
            Tensor x = Tensor.concat(0, groups.stream().map(group -> group.parameter.value().reshape(-1))
                    .toArray(Tensor[]::new));
            Tensor head = x.slice(0, 0, x.size() - 1);
            Tensor tail = x.slice(0, 1, x.size());
            Tensor valley = head.rsub(1).square().add(tail.sub(head.square()).square().mul(5)).sum();
            return valley.add(x.mul(3).sin().sum().mul(0.3))
                    .gradients(groups.stream().map(Group::parameter).toList()).values();
        });
    }

    private static double tolerance(boolean closedLoop, DType dtype, JsonElement float32) {
        if (dtype == DType.F64) {
            return closedLoop ? 1e-9 : 1e-11;
        }
        // where the error of PyTorch's own float32 is not known, any is allowed
        double condition = float32.isJsonNull() ? Double.POSITIVE_INFINITY : float32.getAsDouble();
        return (closedLoop ? 1e-4 : 1e-5) + 10 * condition;
    }
}
