package io.adjoint.autodiff;

import java.util.Locale;

/** Prints tensors as numpy does: nested brackets, equal column widths, long axes shortened. */
final class TensorPrinter {
    /** A tensor of more elements is shortened, to this many at either end of an axis. */
    private static final int THRESHOLD = 1000;

    private static final int EDGE = 3;

    private final Tensor tensor;
    private final boolean shortened;
    private int width;

    private TensorPrinter(Tensor tensor) {
        this.tensor = tensor;
        this.shortened = tensor.size() > THRESHOLD;
    }

    static String print(Tensor tensor) {
        TensorPrinter printer = new TensorPrinter(tensor.detached());
        printer.measure(printer.tensor);
        StringBuilder text = new StringBuilder();
        printer.append(text, printer.tensor, 1);
        return text.append("  ").append(tensor.spec()).toString();
    }

    private void measure(Tensor part) {
        if (part.rank() == 0) {
            width = Math.max(width, text(part).length());
            return;
        }
        int extent = part.dim(0);
        for (int i = 0; i < extent; i++) {
            if (isShown(i, extent)) {
                measure(part.select(0, i));
            }
        }
    }

    private boolean isShown(int index, int extent) {
        return !shortened || extent <= 2 * EDGE || index < EDGE || index >= extent - EDGE;
    }

    private void append(StringBuilder out, Tensor part, int indent) {
        if (part.rank() == 0) {
            String number = text(part);
            out.repeat(' ', tensor.rank() == 0 ? 0 : width - number.length()).append(number);
            return;
        }
        out.append('[');
        int extent = part.dim(0);
        boolean cut = false;
        for (int i = 0; i < extent; i++) {
            if (!isShown(i, extent)) {
                if (!cut) {
                    separate(out, part, i, indent).append("...");
                    cut = true;
                }
                continue;
            }
            append(separate(out, part, i, indent), part.select(0, i), indent + 1);
        }
        out.append(']');
    }

    private static StringBuilder separate(StringBuilder out, Tensor part, int index, int indent) {
        if (index == 0) {
            return out;
        }
        return part.rank() == 1 ? out.append(", ") : out.append(',').repeat('\n', part.rank() - 1).repeat(' ', indent);
    }

    private static String text(Tensor scalar) {
        double value = scalar.item();
        return switch (scalar.dtype()) {
            case BOOL -> value != 0 ? "true" : "false";
            case I32 -> Integer.toString((int) value);
            case I64 -> Long.toString(scalar.toLongs()[0]);
            case F32, F64 -> number(value);
        };
    }

    private static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e8)) {
            return String.format(Locale.ROOT, "%.4e", value);
        }
        String plain = String.format(Locale.ROOT, "%.4f", value);
        return plain.replaceAll("0+$", "").replaceAll("\\.$", ".");
    }
}
