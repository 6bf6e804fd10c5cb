package io.adjoint.examples;

import io.adjoint.autodiff.Tensor;
import io.adjoint.optim.data.Dataset;
import java.io.PrintWriter;
import java.util.Locale;

/** Draws digits in the terminal, each beside the probabilities that a model gives to the ten classes. */
record DigitPicture(int side) {
    private static final String SHADES = " ░▒▓█";
    private static final int BAR = 20;

    /**
     * Draws the first rows of a dataset, and as many of those that the model gets wrong.
     *
     * @param probabilities {@code [n, classes]}
     */
    void draw(Dataset digits, Tensor probabilities, int count, PrintWriter out) {
        long[] labels = digits.targets().toLongs();
        long[] guesses = probabilities.argmax(1).toLongs();
        int right = 0;
        int wrong = 0;
        for (int row = 0; row < labels.length; row++) {
            boolean hit = guesses[row] == labels[row];
            if (hit ? right++ < count : wrong++ < count) {
                out.printf("%na %d, taken for a %d%n", labels[row], guesses[row]);
                draw(digits.features().select(0, row).toFloats(), probabilities.select(0, row).toFloats(), out);
            }
        }
    }

    private void draw(float[] pixels, float[] probabilities, PrintWriter out) {
        for (int line = 0; line < Math.max(side, probabilities.length); line++) {
            StringBuilder text = new StringBuilder("  ");
            for (int column = 0; column < side; column++) {
                String shade = line < side ? shade(pixels[line * side + column]) : " ";
                text.append(shade).append(shade);
            }
            if (line < probabilities.length) {
                String bar = "█".repeat(Math.round(BAR * probabilities[line]));
                text.append(String.format(Locale.ROOT, "    %d %5.1f %% %s", line, 100 * probabilities[line], bar));
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private static String shade(float brightness) {
        int level = Math.clamp(Math.round(brightness * (SHADES.length() - 1)), 0, SHADES.length() - 1);
        return SHADES.substring(level, level + 1);
    }
}
