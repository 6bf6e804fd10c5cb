package io.adjoint.optim.train;

import io.adjoint.autodiff.Variable;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.train.CheckpointStore.Slot;
import io.adjoint.optim.train.EarlyStopping.Keep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One training, from its beginning or from a checkpoint to its end. */
final class Run {
    /** A snapshot makes programs copy all variables and bind to the copies, so short epochs do not end with one each. */
    private static final long LEAST_NANOS_BETWEEN_SNAPSHOTS = 2_000_000_000;

    private final Trainer trainer;
    private final Batches batches;
    private final Event.Plan plan;
    private final Stepper stepper;
    private final Evaluator evaluator;
    private final Tally tally;
    private final Walk data;
    private final RunState state;
    private final List<Variable> variables;
    private Soundness soundness;
    private Shutdown shutdown;
    /** Epochs without improvement after which the training ends. */
    private final double patience;
    private final List<EpochResult> history = new ArrayList<>();
    private Snapshot snapshot;
    private long snapshotNanos;
    private Optional<Snapshot> best = Optional.empty();
    private long saved = -1;

    Run(Trainer trainer, Batches batches) {
        this.trainer = trainer;
        this.batches = batches;
        plan = new Event.Plan(trainer.epochs(), batches.count());
        stepper = new Stepper(trainer);
        evaluator = new Evaluator(trainer.task(), trainer.execution());
        tally = new Tally(trainer.validation().criterion());
        data = new Walk(batches, trainer.loading(batches), trainer.epochs());
        state = new RunState(trainer.task().model(), trainer.optimizer(), data, tally);
        variables = List.copyOf(state.variables().values());
        patience = trainer.earlyStopping().map(early -> (double) early.patience()).orElse(Double.POSITIVE_INFINITY);
    }

    /** Goes on from the last checkpoint; from the beginning if there is none. */
    Run fromCheckpoint() {
        trainer.saving().store().flatMap(store -> store.load(Slot.LAST, state)).ifPresent(notes -> {
            state.read();
            history.addAll(HistoryNotes.read(notes));
            if (isOver()) {
                saved = data.steps(); // only to be read, perhaps from where nothing can be written
            }
        });
        return this;
    }

    Outcome go() {
        refuseBadData();
        try (data; Shutdown watched = Shutdown.watch(trainer.saving().store().isPresent())) {
            shutdown = watched;
            saveLast(); // that it cannot be saved should not turn out after hours, also of what is resumed
            soundness = Soundness.of(trainer.task().model(), trainer.optimizer());
            takeSnapshot();
            tell(new Event.Started(plan, data.steps(), List.copyOf(history)));
            Outcome.End end = steps();
            if (end == Outcome.End.INTERRUPTED) {
                requireSound();
                saveLast();
            } else {
                keep();
            }
            Outcome outcome = new Outcome(end, history);
            tell(new Event.Ended(outcome));
            return outcome;
        }
    }

    /** Tries what could be refused before anything changes. */
    private void refuseBadData() {
        Validation validation = trainer.validation();
        Task task = trainer.task();
        Evaluation training = new DataCheck(task, batches, List.of()).require(data.upcoming());
        validation.data().map(heldBack -> new DataCheck(task, heldBack, validation.metrics())
                .require(heldBack.epoch(0).getFirst())).orElse(training).figure(validation.criterion().figure());
    }

    private Outcome.End steps() {
        while (!isOver()) {
            if (isStopRequested()) {
                return Outcome.End.INTERRUPTED;
            }
            step(data.epoch());
        }
        return data.epoch() < trainer.epochs() ? Outcome.End.EARLY : Outcome.End.FINISHED;
    }

    private boolean isStopRequested() {
        return shutdown.isRequested() || trainer.stop().getAsBoolean() || Thread.currentThread().isInterrupted();
    }

    private boolean isOver() {
        return data.epoch() >= trainer.epochs() || tally.idle() >= patience;
    }

    /** Before anything is kept that a step may have spoilt although its loss was finite. */
    private void requireSound() {
        if (!soundness.holds()) {
            throw fault(Soundness.NUMBERS + ", is not finite");
        }
    }

    private TrainingException fault(String symptom) {
        return new Fault(state, stepper, soundness, this::isStopRequested, symptom, data.steps()).find(snapshot);
    }

    private void step(long epoch) {
        Batch batch = data.next();
        long step = data.steps();
        double loss = stepper.step(batch, step - 1);
        if (!Double.isFinite(loss)) {
            throw fault("the loss is " + loss);
        }
        tally.step(loss, batch.size());
        if (!trainer.listeners().isEmpty()) {
            tell(new Event.StepDone(plan, epoch, step, loss, batch.size()));
        }
        if (data.isBetweenEpochs()) {
            endOfEpoch(epoch, step);
        } else if (trainer.saving().isDue(step)) {
            requireSound();
            saveLast();
        }
    }

    private void endOfEpoch(long epoch, long step) {
        requireSound();
        Validation validation = trainer.validation();
        double loss = tally.endOfEpoch();
        EpochResult result = new EpochResult(epoch, step, loss, validation.data().map(heldBack -> trainer.optimizer()
                .withAverages(() -> judged(heldBack, epoch, step))));
        double figure = judgedBy(result);
        history.add(result);
        boolean isBest = tally.judge(figure, trainer.earlyStopping().map(EarlyStopping::minDelta).orElse(0.0));
        tell(new Event.EpochDone(plan, result, isBest));
        boolean isChanged = trainer.listeners().stream().anyMatch(Listener::changesVariables);
        if (isChanged && !soundness.holds()) {
            throw new TrainingException(step, place(epoch, step) + "a listener made " + Soundness.NUMBERS
                    + ", not finite; expected finite numbers", null);
        }
        if (isBest) {
            rememberBest();
        }
        saveLast();
        if (isChanged || System.nanoTime() - snapshotNanos >= LEAST_NANOS_BETWEEN_SNAPSHOTS) {
            takeSnapshot();
        }
    }

    /** The figure of the criterion. With NaN no epoch would ever be the best one. */
    private double judgedBy(EpochResult result) {
        String name = trainer.validation().criterion().figure();
        double figure = result.figure(name);
        if (Double.isNaN(figure)) {
            throw new TrainingException(result.step(), (result.validation().isPresent() ? "validation of " : "")
                    + place(result.epoch(), result.step()) + "the criterion, " + name
                    + ", is NaN; expected a number: data held back that it is defined for (both classes, targets that differ), or another criterion",
                    null);
        }
        return figure;
    }

    private static String place(long epoch, long step) {
        return "epoch " + epoch + " (after step " + (step - 1) + "): ";
    }

    private Evaluation judged(Batches heldBack, long epoch, long step) {
        Evaluation judged = evaluator.evaluate(trainer.feed(heldBack), trainer.validation().metrics());
        if (Double.isNaN(judged.loss())) {
            throw new ValidationFault(trainer.task(), trainer.feed(heldBack)).find(epoch, step);
        }
        return judged;
    }

    private void rememberBest() {
        boolean isSaved = trainer.saving().store().isPresent();
        if (!isSaved && !keepsBest()) {
            return;
        }
        trainer.optimizer().withAverages(() -> {
            if (isSaved) {
                save(Slot.BEST);
            } else {
                best = Optional.of(Snapshot.of(trainer.task().model()));
            }
            return this;
        });
    }

    private boolean keepsBest() {
        return trainer.earlyStopping().filter(early -> early.keep() == Keep.BEST).isPresent();
    }

    private void keep() {
        if (!keepsBest() || !tally.hasBest()) {
            return;
        }
        trainer.saving().store().ifPresentOrElse(
                store -> store.load(Slot.BEST, trainer.task().model()).orElseThrow(() -> new IllegalStateException(
                        "trainer: the checkpoint of the best epoch is gone; the model holds the last one")),
                () -> best.ifPresent(Snapshot::restore));
    }

    private void saveLast() {
        if (saved != data.steps()) {
            state.write();
            save(Slot.LAST);
            saved = data.steps();
        }
    }

    private void save(Slot slot) {
        if (trainer.saving().store().isEmpty()) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // or files would be closed while they are written
        try {
            Map<String, String> notes = HistoryNotes.write(history);
            trainer.saving().store().get().save(slot, slot == Slot.LAST ? state : trainer.task().model(), notes);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        tell(new Event.Saved(slot, data.steps()));
    }

    private void takeSnapshot() {
        state.write();
        snapshot = Snapshot.of(variables);
        snapshotNanos = System.nanoTime();
    }

    private void tell(Event event) {
        trainer.listeners().forEach(listener -> listener.on(event));
    }
}
