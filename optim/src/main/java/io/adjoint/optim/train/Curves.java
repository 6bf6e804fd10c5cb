package io.adjoint.optim.train;

import io.adjoint.autodiff.ShapeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/** The figures of a history as curves over the epochs: as an SVG image, or as text for a terminal. */
public final class Curves {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 240;
    private static final int LEFT = 70;
    private static final int TOP = 30;
    private static final List<String> COLOURS = List.of("#1f77b4", "#d62728");

    private Curves() {}

    /** A curve: its name, and a value for each epoch, NaN where there is none. */
    private record Curve(String name, double[] values) {}

    /** The losses together, then each metric by itself. */
    private static List<List<Curve>> charts(List<EpochResult> history) {
        List<Curve> losses = new ArrayList<>();
        losses.add(new Curve(Evaluation.LOSS, history.stream().mapToDouble(EpochResult::loss).toArray()));
        SequencedMap<String, double[]> metrics = new LinkedHashMap<>();
        double[] validation = nothing(history.size());
        for (int i = 0; i < history.size(); i++) {
            int epoch = i;
            history.get(i).validation().ifPresent(found -> {
                validation[epoch] = found.loss();
                found.metrics().forEach((name, figure) -> metrics.computeIfAbsent(name,
                        _ -> nothing(history.size()))[epoch] = figure);
            });
        }
        if (history.stream().anyMatch(result -> result.validation().isPresent())) {
            losses.add(new Curve("validation " + Evaluation.LOSS, validation));
        }
        List<List<Curve>> charts = new ArrayList<>(List.of(losses));
        metrics.forEach((name, values) -> charts.add(List.of(new Curve(name, values))));
        return charts;
    }

    private static double[] nothing(int count) {
        double[] values = new double[count];
        java.util.Arrays.fill(values, Double.NaN);
        return values;
    }

    /** Least and greatest finite value; 0 to 1 if there is none. */
    private record Range(double least, double greatest) {
        static Range of(List<Curve> curves) {
            double least = Double.POSITIVE_INFINITY;
            double greatest = Double.NEGATIVE_INFINITY;
            for (Curve curve : curves) {
                for (double value : curve.values) {
                    if (Double.isFinite(value)) {
                        least = Math.min(least, value);
                        greatest = Math.max(greatest, value);
                    }
                }
            }
            return least > greatest ? new Range(0, 1) : new Range(least, greatest);
        }

        /** 0 for the least, 1 for the greatest. */
        double share(double value) {
            return greatest > least ? (value - least) / (greatest - least) : 0.5;
        }
    }

    /** An SVG image of its own: a chart of the losses, and one for each metric. */
    public static String svg(List<EpochResult> history) {
        List<List<Curve>> charts = charts(history);
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                WIDTH, HEIGHT * charts.size()));
        for (int i = 0; i < charts.size(); i++) {
            svg.append(chart(charts.get(i), i * HEIGHT));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String chart(List<Curve> curves, int y) {
        Range range = Range.of(curves);
        int bottom = y + HEIGHT - TOP;
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(Locale.ROOT,
                "<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"gray\"/>%n%s%s", LEFT, y + TOP, bottom, WIDTH - TOP,
                text(4, y + TOP + 4, "black", String.format(Locale.ROOT, "%.4g", range.greatest)),
                text(4, bottom, "black", String.format(Locale.ROOT, "%.4g", range.least))));
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            svg.append(text(LEFT + 10 + 150 * i, y + TOP - 10, COLOURS.get(i), curve.name));
            svg.append(String.format(Locale.ROOT, "<path d=\"%s\" fill=\"none\" stroke=\"%s\"/>%n",
                    path(curve.values, range, y + TOP, bottom), COLOURS.get(i)));
        }
        return svg.toString();
    }

    private static String text(int x, int y, String colour, String text) {
        return String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n", x, y, colour,
                escape(text));
    }

    /** A line from epoch to epoch, interrupted where a value is not finite; a lone value is a dot. */
    private static String path(double[] values, Range range, int top, int bottom) {
        StringBuilder path = new StringBuilder();
        boolean isPenUp = true;
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                isPenUp = true;
                continue;
            }
            double x = LEFT + (WIDTH - TOP - LEFT) * (values.length > 1 ? (double) i / (values.length - 1) : 0.5);
            path.append(String.format(Locale.ROOT, isPenUp ? "M%1$.1f %2$.1fh1M%1$.1f %2$.1f" : "L%.1f %.1f", x,
                    bottom - (bottom - top) * range.share(values[i])));
            isPenUp = false;
        }
        return path.toString();
    }

    /** Text as XML may hold it. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF
                        || c == 0xFFFE || c == 0xFFFF ? '?' : c);
            }
        });
        return escaped.toString();
    }

    /**
     * The same as text: a row of dots for each curve, high where it is.
     *
     * @param columns most characters of a curve, 1 or more
     * @param rows lines of a chart, 2 or more
     * @throws ShapeException if there are fewer
     */
    public static String text(List<EpochResult> history, int columns, int rows) {
        if (columns < 1 || rows < 2) {
            throw ShapeException.of("curves", "no room").operand("columns", columns).operand("rows", rows)
                    .expected("1 column and 2 rows, or more");
        }
        StringBuilder text = new StringBuilder();
        for (List<Curve> curves : charts(history)) {
            for (Curve curve : curves) {
                draw(curve, columns, rows, text);
            }
        }
        return text.toString();
    }

    private static void draw(Curve curve, int columns, int rows, StringBuilder text) {
        Range range = Range.of(List.of(curve));
        int shown = Math.min(columns, curve.values.length);
        text.append(curve.name).append('\n');
        for (int row = rows - 1; row >= 0; row--) {
            String label = row == rows - 1 ? String.format(Locale.ROOT, "%.4g", range.greatest)
                    : row == 0 ? String.format(Locale.ROOT, "%.4g", range.least) : "";
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%10s |", label));
            for (int column = 0; column < shown; column++) {
                double value = curve.values[(int) ((long) column * curve.values.length / shown)];
                line.append(Double.isFinite(value) && Math.round(range.share(value) * (rows - 1)) == row ? '*' : ' ');
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
    }
}
