package io.adjoint.serialization.onnx.graph;

import java.util.List;
import java.util.stream.Stream;

/**
 * One call of an operator in a graph.
 *
 * @param name for messages: its own where it has one
 * @param operator in the spelling of the file, with its domain unless that is ONNX's own
 * @param version of the operator's domain that the model means
 * @param inputs the names of values, empty where one is left out
 * @param outputs the names of values, empty where one is not asked for
 * @param attributes what is fixed
 * @param code what it computes
 */
public record Node(String name, String operator, int version, List<String> inputs, List<String> outputs,
        Attributes attributes, Operator code) {
    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** All names that it looks up: its inputs, and what its graphs take from around them. */
    Stream<String> reads() {
        return Stream.concat(inputs.stream(), attributes.all().values().stream()
                .flatMap(attribute -> attribute instanceof Attribute.Body(Block block) ? block.captures().stream()
                        : Stream.empty()));
    }
}
