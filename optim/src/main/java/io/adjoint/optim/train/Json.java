package io.adjoint.optim.train;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The few forms of JSON (RFC 8259) that a history needs. */
final class Json {
    private static final Pattern RESULT = Pattern.compile("\\{\"epoch\":(\\d{1,18}),.*\\}");

    private Json() {}

    static String of(EpochResult result) {
        StringBuilder line = new StringBuilder("{\"epoch\":").append(result.epoch()).append(",\"step\":")
                .append(result.step()).append(",\"loss\":").append(number(result.loss()));
        result.validation().ifPresent(validation -> {
            line.append(",\"validation\":{\"loss\":").append(number(validation.loss()));
            validation.metrics()
                    .forEach(
                            (name, figure) -> line.append(',').append(string(name)).append(':').append(number(figure)));
            line.append('}');
        });
        return line.append('}').toString();
    }

    /** The epoch of a line that was written here; none of other text. */
    static OptionalLong epoch(String line) {
        Matcher result = RESULT.matcher(line);
        return result.matches() ? OptionalLong.of(Long.parseLong(result.group(1))) : OptionalLong.empty();
    }

    /** JSON has no NaN and no infinities. */
    private static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "null";
    }

    private static String string(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
