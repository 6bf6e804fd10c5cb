package io.adjoint.examples;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Linear;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.nn.Sequential;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.data.Split;
import io.adjoint.optim.metric.Accuracy;
import io.adjoint.optim.train.Trainer;
import io.adjoint.optim.train.Validation;
import io.adjoint.serialization.Checkpoint;
import io.adjoint.serialization.tensorboard.TensorBoard;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a network on handwritten digits, checks its gradients, saves it, reloads it and shows what it sees. */
@Command(name = "digits", mixinStandardHelpOptions = true,
        description = "trains a network on handwritten digits, checks its gradients, saves and reloads it")
final class Digits implements Runnable {
    private static final int SIDE = ExampleData.DIGIT_SIDE;
    private static final int CLASSES = ExampleData.DIGITS;
    private static final int HIDDEN = 128;
    private static final double HELD_BACK = 0.2;
    private static final double DROPOUT = 0.2;
    private static final int BATCH = 32;
    private static final int CHECKED = 8;
    private static final int SHOWN = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "FILE",
            description = "CSV, a line a digit: 64 pixels from 0 to 16, then the label (default: the 1,797 digits of UCI)")
    private Optional<Path> data;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "25",
            description = "passes over the training rows (default: ${DEFAULT-VALUE})")
    private int epochs;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "of weights, order, dropout and of the rows held back (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--save", paramLabel = "FILE",
            description = "where to save the model (default: digits.adjoint in the folder for temporary files)")
    private Optional<Path> save;

    @Option(names = "--load", paramLabel = "FILE", description = "use this saved model instead of training one")
    private Optional<Path> load;

    @Option(names = "--tensorboard", paramLabel = "FOLDER",
            description = "where to write what TensorBoard shows of the training")
    private Optional<Path> tensorBoard;

    @Override
    public void run() {
        if (epochs < 1) {
            throw new UserError("--epochs " + epochs + ": expected 1 or more");
        }
        PrintWriter out = spec.commandLine().getOut();
        Split<Dataset> split = ExampleData.digits(data).split(HELD_BACK, Rng.seed(seed));
        out.printf("%,d digits to learn from, %,d held back%n", split.training().size(), split.heldBack().size());

        Sequential model = network(DType.F32, DROPOUT, Rng.seed(seed).stream(1));
        if (load.isPresent()) {
            Checkpoint.load(load.get(), model);
            out.println("loaded " + load.get());
        } else {
            train(model, split.training(), out);
        }
        Dataset heldBack = split.heldBack();
        out.printf("accuracy on the digits held back: %.2f %%%n", 100 * accuracy(model, heldBack));
        checkGradients(model, heldBack, out);
        saveAndReload(model, heldBack, out);
        new DigitPicture(SIDE).draw(heldBack, model.forward(heldBack.features()).softmax(1), SHOWN, out);
    }

    /** 64 pixels, one hidden layer, 10 logits. */
    private static Sequential network(DType dtype, double dropout, Rng rng) {
        return Sequential.of(
                Linear.Config.of(SIDE * SIDE, HIDDEN).withDType(dtype).create(rng.stream(0)),
                Activation.RELU,
                Dropout.of(dropout, rng.stream(1)),
                Linear.Config.of(HIDDEN, CLASSES).withDType(dtype).create(rng.stream(2)));
    }

    private void train(Sequential model, Dataset training, PrintWriter out) {
        Optimizer optimizer = Sgd.of(0.1).withMomentum(0.9).withWeightDecay(1e-4).over(model);
        Trainer trainer = Trainer.of(model, Losses::crossEntropy, optimizer, epochs)
                .withValidation(Validation.on(training.batches(training.size()), Accuracy.of()))
                .withListener(new ProgressLine(out, training.size()));
        tensorBoard.map(folder -> trainer.withListener(TensorBoard.in(folder).withParameters(model))).orElse(trainer)
                .fit(training.batches(BATCH, Rng.seed(seed).stream(2)));
    }

    private static double accuracy(Sequential model, Dataset rows) {
        Tensor right = model.forward(rows.features()).argmax(1).eq(rows.targets());
        return right.cast(DType.F64).mean().item();
    }

    /**
     * Central differences drown in the rounding of F32 and in the noise of dropout, so the check looks at the same network
     * in F64 and without dropout.
     */
    private static void checkGradients(Sequential model, Dataset rows, PrintWriter out) {
        Sequential twin = network(DType.F64, 0, Rng.seed(0));
        SequencedMap<String, Variable> twins = twin.variables();
        model.variables().forEach((path, variable) -> {
            Variable same = twins.get(path);
            same.set(variable.value().cast(same.spec().dtype()));
        });
        Batch batch = rows.rows(IntStream.range(0, Math.min(CHECKED, rows.size())).toArray());
        Tensor features = batch.features().cast(DType.F64);
        GradientCheck.of("digits").check(twin.parameters(),
                () -> Losses.crossEntropy(twin.forward(features), batch.targets()));
        out.printf("gradients checked against central differences: %d tensors, first and second order%n",
                twin.parameters().size());
    }

    private void saveAndReload(Sequential model, Dataset rows, PrintWriter out) {
        Path file = save.orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "digits.adjoint"));
        Checkpoint.save(file, model, Map.of("example", "digits", "epochs", Integer.toString(epochs)));
        Sequential reloaded = network(DType.F32, DROPOUT, Rng.seed(seed + 1));
        Checkpoint.load(file, reloaded);
        boolean same = reloaded.forward(rows.features()).sameBits(model.forward(rows.features()));
        if (!same) {
            throw new IllegalStateException("the reloaded model predicts other bits than the saved one");
        }
        out.printf("saved %s and reloaded it in a new model: all %,d predictions have the same bits%n", file,
                rows.size());
    }
}
