package io.adjoint.serialization.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/**
 * What stands in an ONNX file, whether it can be run or not.
 *
 * @param producer the program that wrote it, with its version where it names one
 * @param irVersion version of the file format
 * @param opsets version of each domain of operators; the empty domain is ONNX's own
 * @param inputs what has to be given
 * @param outputs what is computed
 * @param operators how often each operator is used, those in graphs of nodes and in functions included
 * @param unsupported the operators that the library cannot run
 * @param initializers number of stored tensors, sparse ones included
 * @param elements number of their elements, zeros that a sparse one leaves out included
 * @param metadata what was written along
 */
public record OnnxSummary(String producer, long irVersion, SequencedMap<String, Long> opsets, List<String> inputs,
        List<String> outputs, SequencedMap<String, Integer> operators, SequencedSet<String> unsupported,
        int initializers, long elements, SequencedMap<String, String> metadata) {
    public OnnxSummary {
        opsets = copy(opsets);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        operators = copy(operators);
        unsupported = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(unsupported));
        metadata = copy(metadata);
    }

    private static <V> SequencedMap<String, V> copy(Map<String, V> map) {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
    }

    /** A few lines for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        line(text, "producer", producer.isEmpty() ? "unknown" : producer);
        line(text, "format", "IR version " + irVersion + ", operators " + opsets.entrySet().stream()
                .map(e -> (e.getKey().isEmpty() ? "ai.onnx" : e.getKey()) + " " + e.getValue())
                .collect(Collectors.joining(", ")));
        inputs.forEach(input -> line(text, "input", input));
        outputs.forEach(output -> line(text, "output", output));
        line(text, "parameters", "%,d in %,d tensors".formatted(elements, initializers));
        line(text, "operators", operators.entrySet().stream().map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", ")));
        if (!unsupported.isEmpty()) {
            line(text, "unsupported", String.join(", ", unsupported));
        }
        metadata.forEach((key, value) -> line(text, key, value));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-12s %s%n".formatted(name, value));
    }
}
