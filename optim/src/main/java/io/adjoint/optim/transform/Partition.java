package io.adjoint.optim.transform;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.optim.PerParameter;
import io.adjoint.optim.Transformation;
import io.adjoint.optim.stage.Parts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Groups of parameters, each with a transformation of its own.
 *
 * {@snippet :
 * Partition.of(
 *         new Partition.Group(".*bias", AdamW.of(1e-3).withWeightDecay(0)),
 *         new Partition.Group(".*", AdamW.of(1e-3)))
 * }
 *
 * @param groups a parameter belongs to the first one that matches its path
 */
public record Partition(List<Group> groups) implements Transformation {
    /**
     * Some parameters and what transforms their gradients.
     *
     * @param paths a regular expression that matches the whole path of each
     * @param transformation of their gradients
     */
    public record Group(String paths, Transformation transformation) {}

    public Partition {
        groups = List.copyOf(groups);
    }

    /** These groups. */
    public static Partition of(Group... groups) {
        return new Partition(List.of(groups));
    }

    /**
     * Parameters whose paths match stay as they are, and need no state; the others are transformed.
     *
     * @param paths a regular expression that matches the whole path
     */
    public static Partition freezing(String paths, Transformation others) {
        PerParameter hold = _ -> (update, _, _) -> update.mul(0).nanToNum();
        return of(new Group(paths, hold), new Group(".*", others));
    }

    /**
     * Binds each group to its parameters.
     *
     * @throws ShapeException if a parameter is in no group, or a group has no parameter
     */
    @Override
    public Stage bind(SequencedMap<String, TensorSpec> parameters) {
        Set<String> empty = new LinkedHashSet<>();
        for (int i = 0; i < groups.size(); i++) {
            empty.add(Integer.toString(i));
        }
        Parts parts = Parts.bind(parameters, (path, _) -> {
            String group = group(path);
            empty.remove(group);
            return group;
        }, name -> groups.get(Integer.parseInt(name)).transformation());
        if (!empty.isEmpty()) {
            List<String> unmatched = new ArrayList<>();
            empty.forEach(name -> unmatched.add(groups.get(Integer.parseInt(name)).paths()));
            throw ShapeException.of("partition", "a group has no parameter").operand("paths", unmatched)
                    .operand("parameters", parameters.keySet()).expected("one parameter or more for each group");
        }
        return parts;
    }

    private String group(String path) {
        for (int i = 0; i < groups.size(); i++) {
            if (path.matches(groups.get(i).paths())) {
                return Integer.toString(i);
            }
        }
        throw ShapeException.of("partition", "a parameter is in no group").operand("parameter", path)
                .operand("groups", groups.stream().map(Group::paths).toList())
                .expected("a last group of \".*\" for all others");
    }
}
