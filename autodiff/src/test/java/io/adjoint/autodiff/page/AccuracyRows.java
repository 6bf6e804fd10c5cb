package io.adjoint.autodiff.page;

import io.adjoint.autodiff.lane.FloatAccuracy;
import io.adjoint.autodiff.lane.FloatComposition;
import io.adjoint.autodiff.lane.FloatFunction;
import io.adjoint.autodiff.lane.FloatPair;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** The guaranteed and the greatest measured errors of functions in F32. */
final class AccuracyRows {
    @Override
    public String toString() {
        Table table = new Table("function", "at most, ulp", "measured, ulp", "at");
        for (FloatFunction function : FloatFunction.values()) {
            row(table, lower(function), function.ulps(), FloatAccuracy.of(function));
        }
        for (FloatPair pair : FloatPair.values()) {
            row(table, lower(pair), pair.ulps(), FloatAccuracy.of(pair));
        }
        for (FloatComposition composition : FloatComposition.values()) {
            row(table, "x." + composition.call(), composition.ulps(), FloatAccuracy.of(composition));
        }
        return table.toString();
    }

    private static String lower(Enum<?> operation) {
        return operation.name().toLowerCase(Locale.ROOT);
    }

    private static void row(Table table, String function, double ulps, FloatAccuracy.Worst worst) {
        table.row(Table.code(function), decimal("0.###", ulps),
                decimal("0.000", worst.error()), Table.code(worst.at()));
    }

    private static String decimal(String pattern, double number) {
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT)).format(number);
    }
}
