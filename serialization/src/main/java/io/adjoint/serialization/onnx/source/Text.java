package io.adjoint.serialization.onnx.source;

import io.adjoint.serialization.onnx.write.Affine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A piece of Java source in which whole numbers stand apart, since they may depend on the batch. */
final class Text {
    private final List<Object> tokens;

    private Text(List<Object> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /** Strings as they are, numbers, and other texts, in a row. */
    static Text of(Object... parts) {
        List<Object> tokens = new ArrayList<>();
        for (Object part : parts) {
            switch (part) {
                case Text text -> tokens.addAll(text.tokens);
                case Integer number -> tokens.add(number.longValue());
                case Long number -> tokens.add(number);
                default -> tokens.add(part.toString());
            }
        }
        return new Text(tokens);
    }

    /** Texts with commas between. */
    static Text list(List<?> parts) {
        List<Object> all = new ArrayList<>();
        for (Object part : parts) {
            if (!all.isEmpty()) {
                all.add(", ");
            }
            all.add(part);
        }
        return of(all.toArray());
    }

    /** Length of the source, about. */
    int length() {
        return toString().length();
    }

    /** The source for one batch. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        tokens.forEach(text::append);
        return text.toString();
    }

    /**
     * One source for every batch, from those for some; empty if they differ in more than numbers that grow with the batch.
     *
     * @param texts one for each batch
     * @param batches the batches
     * @param name of the variable that holds the batch
     */
    static Optional<String> join(List<Text> texts, List<Integer> batches, String name) {
        List<Object> first = texts.getFirst().tokens;
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < first.size(); i++) {
            int at = i;
            if (texts.stream().anyMatch(text -> text.tokens.size() != first.size())) {
                return Optional.empty();
            }
            List<Object> found = texts.stream().map(text -> text.tokens.get(at)).toList();
            if (found.stream().allMatch(first.get(i)::equals)) {
                joined.append(first.get(i));
            } else if (found.stream().allMatch(Long.class::isInstance)) {
                Optional<Affine> number = Affine.through(batches, found.stream().map(Long.class::cast).toList());
                if (number.isEmpty()) {
                    return Optional.empty();
                }
                joined.append(number.get().text(name));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(joined.toString());
    }
}
