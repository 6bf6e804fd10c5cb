package io.adjoint.examples;

import io.adjoint.optim.data.Csv;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.data.Table;
import io.adjoint.optim.data.Target;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** The data that the examples learn from. */
final class ExampleData {
    static final int DIGIT_SIDE = 8;
    static final int DIGITS = 10;
    static final int FLOWERS = 3;
    static final int FLOWER_FEATURES = 4;

    private static final int PIXELS = DIGIT_SIDE * DIGIT_SIDE;
    private static final float BRIGHTEST = 16;

    private ExampleData() {}

    /** Handwritten digits, a row of pixels from 0 to 1 each, of a file or, without one, those of UCI. */
    static Dataset digits(Optional<Path> file) {
        Csv format = Csv.of().withColumns(PIXELS + 1);
        Table table = file.map(format::read).orElseGet(() -> resource(format, "digits.csv.gz"));
        Dataset raw = table.dataset(Target.label(Integer.toString(PIXELS + 1), DIGITS));
        return raw.withFeatures(raw.features().div(BRIGHTEST));
    }

    /** Fisher's 150 flowers: length and width of sepal and petal, and the species. */
    static Dataset iris() {
        Csv format = Csv.of().withSkippedLines(1).withColumns(FLOWER_FEATURES + 1);
        return resource(format, "iris.csv").dataset(Target.label(Integer.toString(FLOWER_FEATURES + 1), FLOWERS));
    }

    private static Table resource(Csv format, String name) {
        InputStream in = ExampleData.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException("the resource " + name + " is missing from the examples");
        }
        return format.read(name, in);
    }
}
