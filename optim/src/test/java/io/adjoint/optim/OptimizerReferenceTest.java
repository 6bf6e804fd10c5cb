package io.adjoint.optim;

import static io.adjoint.nn.reference.ReferenceValues.assertClose;
import static io.adjoint.nn.reference.ReferenceValues.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.nn.reference.ReferenceFile;
import io.adjoint.optim.transform.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every optimizer of {@code torch.optim}, step by step, with given gradients and on a function of its own. */
class OptimizerReferenceTest {
    /** What PyTorch calls the parts of its state. */
    private static final Map<String, String> STATE = Map.ofEntries(Map.entry("momentum_buffer", "velocity"),
            Map.entry("exp_avg", "mean"), Map.entry("exp_avg_sq", "squares"), Map.entry("max_exp_avg_sq", "greatest"),
            Map.entry("exp_inf", "greatest"), Map.entry("sum", "squares"), Map.entry("square_avg", "squares"),
            Map.entry("acc_delta", "steps"), Map.entry("grad_avg", "mean"), Map.entry("mu_product", "product"),
            Map.entry("prev", "gradient"), Map.entry("step_size", "length"), Map.entry("ax", "average"));

    private record Model(List<Variable> p) implements Module {
        static Model of(JsonObject json, DType dtype) {
            return new Model(json.getAsJsonArray("p0").asList().stream()
                    .map(p -> Variable.parameter(tensor(p.getAsJsonObject(), dtype))).toList());
        }

        /** {@code sum (1 - x_i)^2 + 5 (x_(i+1) - x_i^2)^2 + 0.3 sum sin(3 x_i)} over all parameters joined. */
        Tensor loss() {
            Tensor x = Tensor.concat(0, p.stream().map(v -> v.value().reshape(-1)).toArray(Tensor[]::new));
            Tensor head = x.slice(0, 0, x.size() - 1);
            Tensor tail = x.slice(0, 1, x.size());
            Tensor valley = head.rsub(1).square().add(tail.sub(head.square()).square().mul(5)).sum();
            return valley.add(x.mul(3).sin().sum().mul(0.3));
        }
    }

    @TestFactory
    Stream<DynamicTest> steps() {
        return ReferenceFile.pytorch("optim.jsonl.gz").stream()
                .filter(json -> json.get("kind").getAsString().equals("optimizer"))
                .flatMap(json -> Stream.of(DType.F64, DType.F32).map(dtype -> dynamicTest(
                        json.get("id").getAsString() + " " + json.get("mode").getAsString() + " " + dtype,
                        () -> check(json, dtype))));
    }

    private static void check(JsonObject json, DType dtype) {
        if (json.get("optimizer").getAsString().equals("LBFGS")) {
            checkLbfgs(json, dtype);
            return;
        }
        boolean closedLoop = json.get("mode").getAsString().equals("closed_loop");
        Model model = Model.of(json, dtype);
        Optimizer optimizer = transformation(json).over(model);
        JsonArray steps = json.getAsJsonArray("steps");
        JsonArray errors = json.getAsJsonArray("f32err_step");
        for (int t = 0; t < steps.size(); t++) {
            JsonObject step = steps.get(t).getAsJsonObject();
            optimizer.step(closedLoop ? Training.scope(() -> model.loss().gradients(model.p).values())
                    : given(step, model, dtype));
            double tolerance = tolerance(closedLoop, dtype, errors.get(t));
            for (int i = 0; i < model.p.size(); i++) {
                assertClose(step.getAsJsonArray("p").get(i).getAsJsonArray(), model.p.get(i).value(), tolerance,
                        "parameter " + i + " after step " + t);
            }
        }
        JsonObject state = json.getAsJsonObject("state_end");
        double tolerance = tolerance(closedLoop, dtype, errors.get(steps.size() - 1));
        for (int i = 0; i < model.p.size(); i++) {
            checkState(state.getAsJsonObject(Integer.toString(i)), optimizer, ".p." + i, tolerance);
        }
        assertEquals(steps.size(), optimizer.steps());
    }

    private static void checkState(JsonObject expected, Optimizer optimizer, String path, double tolerance) {
        Map<String, Variable> found = optimizer.variables();
        List<String> names = new ArrayList<>();
        expected.asMap().forEach((name, value) -> {
            if (STATE.containsKey(name)) {
                String suffix = path + "." + STATE.get(name);
                Variable variable = found.entrySet().stream().filter(entry -> entry.getKey().endsWith(suffix))
                        .map(Map.Entry::getValue).findFirst().orElseThrow(() -> new AssertionError("no " + suffix));
                assertClose(value.getAsJsonObject().getAsJsonArray("data"), variable.value(), tolerance, name);
                names.add(name);
            }
        });
        assertEquals(names.size(), found.keySet().stream().filter(name -> name.contains(path + ".")).count(),
                "parts of the state");
    }

    /** For each parameter group a transformation, else one for all. */
    private static Transformation transformation(JsonObject json) {
        JsonObject hyper = json.getAsJsonObject("hyper");
        String name = json.get("optimizer").getAsString();
        if (json.get("groups").isJsonNull()) {
            return OptimizerMakers.make(name, hyper);
        }
        JsonArray overrides = json.getAsJsonArray("groups");
        return new Partition(IntStream.range(0, overrides.size()).mapToObj(i -> {
            JsonObject own = hyper.deepCopy();
            overrides.get(i).getAsJsonObject().asMap().forEach(own::add);
            return new Partition.Group("p\\." + i, OptimizerMakers.make(name, own));
        }).toList());
    }

    private static void checkLbfgs(JsonObject json, DType dtype) {
        Model model = Model.of(json, dtype);
        JsonObject hyper = json.getAsJsonObject("hyper");
        LbfgsOptimizer optimizer = Lbfgs.of(hyper.get("lr").getAsDouble())
                .withIterations(hyper.get("max_iter").getAsInt()).withHistory(hyper.get("history_size").getAsInt())
                .over(model);
        double tolerance = dtype == DType.F64 ? 1e-6 : 1e-2;
        for (JsonElement element : json.getAsJsonArray("steps")) {
            JsonObject step = element.getAsJsonObject();
            List<List<Tensor>> places = new ArrayList<>();
            Tensor loss = optimizer.minimize(() -> {
                places.add(model.p.stream().map(Variable::value).map(Tensor::detached).toList());
                return model.loss();
            });
            assertLoss(step.get("loss0"), loss, tolerance);
            for (int i = 0; i < model.p.size(); i++) {
                assertClose(step.getAsJsonArray("p").get(i).getAsJsonArray(), model.p.get(i).value(), tolerance,
                        "parameter " + i);
            }
            JsonArray evaluations = step.getAsJsonArray("evals");
            if (dtype == DType.F64) {
                assertEquals(evaluations.size(), places.size(), "evaluations of the loss");
            }
            for (int i = 0; i < Math.min(evaluations.size(), places.size()); i++) {
                checkEvaluation(evaluations.get(i).getAsJsonObject(), places.get(i), tolerance);
            }
        }
    }

    /** Where the loss was asked for, and what it and its gradient are there. */
    private static void checkEvaluation(JsonObject expected, List<Tensor> place, double tolerance) {
        Model there = new Model(place.stream().map(Variable::parameter).toList());
        Tensor loss = Training.scope(there::loss);
        assertLoss(expected.get("loss"), loss, tolerance);
        List<Tensor> slopes = loss.gradients(there.p).values();
        for (int i = 0; i < place.size(); i++) {
            assertClose(expected.getAsJsonArray("p").get(i).getAsJsonArray(), place.get(i), tolerance,
                    "parameter " + i + " of an evaluation");
            assertClose(expected.getAsJsonArray("g").get(i).getAsJsonArray(), slopes.get(i), tolerance,
                    "gradient " + i + " of an evaluation");
        }
    }

    private static void assertLoss(JsonElement expected, Tensor loss, double tolerance) {
        JsonArray single = new JsonArray();
        single.add(expected);
        assertClose(single, loss, tolerance, "loss");
    }

    private static List<Tensor> given(JsonObject step, Model model, DType dtype) {
        JsonArray gradients = step.getAsJsonArray("g");
        return IntStream.range(0, model.p.size()).mapToObj(i -> {
            Shape shape = model.p.get(i).spec().shape();
            return tensor(gradients.get(i).getAsJsonArray(), shape, dtype);
        }).toList();
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
