package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.reference.ReferenceFile;
import io.adjoint.optim.schedule.Plateau;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every schedule of {@code torch.optim.lr_scheduler}, rates and momenta. */
class ScheduleReferenceTest {
    @TestFactory
    Stream<DynamicTest> sequences() {
        return ReferenceFile.pytorch("optim.jsonl.gz").stream()
                .filter(json -> !json.get("kind").getAsString().equals("optimizer"))
                .map(json -> dynamicTest(json.get("id").getAsString(), () -> check(json)));
    }

    private static void check(JsonObject json) {
        String name = json.get("scheduler").getAsString();
        JsonObject config = json.getAsJsonObject("config");
        JsonArray bases = json.getAsJsonArray("base_lrs");
        for (int group = 0; group < bases.size(); group++) {
            Schedule rate = ScheduleMakers.rate(name, config, bases.get(group).getAsDouble());
            compare(json.getAsJsonArray("lrs"), group, values(rate, json), name);
        }
        if (json.has("momentum")) {
            Schedule momentum = ScheduleMakers.momentum(name, config, json.get("momentum0").getAsDouble());
            compare(json.getAsJsonArray("momentum"), 0, values(momentum, json), "momentum of " + name);
        }
    }

    private static List<Double> values(Schedule schedule, JsonObject json) {
        List<Double> values = new ArrayList<>();
        int count = json.getAsJsonArray("lrs").size();
        for (int t = 0; t < count; t++) {
            values.add(schedule.at(Tensor.scalar(t, DType.F64)).item());
            if (schedule instanceof Plateau plateau && t < count - 1) {
                plateau.observe(json.getAsJsonArray("metrics").get(t).getAsDouble());
            }
        }
        return values;
    }

    private static void compare(JsonArray expected, int group, List<Double> found, String what) {
        assertEquals(expected.size(), found.size());
        double greatest = 0;
        for (int t = 0; t < found.size(); t++) {
            greatest = Math.max(greatest, Math.abs(expected.get(t).getAsJsonArray().get(group).getAsDouble()));
        }
        for (int t = 0; t < found.size(); t++) {
            double wanted = expected.get(t).getAsJsonArray().get(group).getAsDouble();
            // where a wave reaches zero, what PyTorch's recursion leaves there is the error of the values before
            double allowed = 1e-12 * Math.max(Math.abs(wanted), 1e-3 * greatest);
            String message = what + " at step " + t + ": expected " + wanted + ", but was " + found.get(t);
            assertTrue(Math.abs(wanted - found.get(t)) <= allowed, message);
        }
    }
}
