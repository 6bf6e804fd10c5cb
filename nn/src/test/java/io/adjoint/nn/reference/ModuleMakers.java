package io.adjoint.nn.reference;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How to make what stands for PyTorch's modules, by their names. Each family has a file of its own. */
public final class ModuleMakers {
    private ModuleMakers() {}

    private static Stream<Map<String, ReferenceModule.Maker>> families() {
        return Stream.of(BasicMakers.all(), ActivationMakers.all(), NormMakers.all(), EmbeddingMakers.all(),
                SpatialMakers.all(), RecurrentMakers.all(), AttentionMakers.all());
    }

    /** The maker of a module of this name. */
    public static Optional<ReferenceModule.Maker> find(String module) {
        if (module.equals("Sequential")) {
            return Optional.of(ReferenceModule.Maker.of(ModuleMakers::sequential));
        }
        Map<String, ReferenceModule.Maker> all = new LinkedHashMap<>();
        families().forEach(family -> family.forEach((name, maker) -> {
            if (all.put(name, maker) != null) {
                throw new AssertionError("two makers of " + name);
            }
        }));
        return Optional.ofNullable(all.get(module));
    }

    private static Layer sequential(Arguments config) {
        List<Layer> layers = new ArrayList<>();
        parts(config.get("layers").getAsJsonArray()).forEach(part -> {
            Arguments own = new Arguments(part.get(1).getAsJsonObject(), config.dtype());
            layers.add((Layer) find(part.get(0).getAsString()).orElseThrow().make(own).module());
        });
        return new Sequential(layers);
    }

    /** The pairs of name and arguments. */
    private static Stream<JsonArray> parts(JsonArray layers) {
        return layers.asList().stream().map(JsonElement::getAsJsonArray);
    }
}
