package io.adjoint.optim.train;

import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Position;
import io.adjoint.optim.train.CheckpointStore.Slot;
import io.adjoint.optim.train.EarlyStopping.Keep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One training, from its beginning or from a checkpoint to its end. */
final class Run {
    private final Trainer trainer;
    private final Batches batches;
    private final int batchesPerEpoch;
    private final Event.Plan plan;
    private final Stepper stepper;
    private final Evaluator evaluator;
    private final Tally tally;
    private final RunState state;
    private final List<EpochResult> history = new ArrayList<>();
    private Snapshot snapshot;
    private Optional<Snapshot> best = Optional.empty();
    private long saved = -1;

    Run(Trainer trainer, Batches batches) {
        this.trainer = trainer;
        this.batches = batches;
        batchesPerEpoch = batches.count();
        plan = new Event.Plan(trainer.epochs(), batchesPerEpoch);
        stepper = new Stepper(trainer.task(), trainer.optimizer(), trainer.execution());
        evaluator = new Evaluator(trainer.task(), trainer.execution());
        tally = new Tally(trainer.validation().criterion());
        state = new RunState(trainer.task().model(), trainer.optimizer(), batches.cursor(), tally);
    }

    /** Goes on from the last checkpoint; from the beginning if there is none. */
    Run fromCheckpoint() {
        trainer.saving().store().flatMap(store -> store.load(Slot.LAST, state)).ifPresent(notes -> {
            tally.read();
            history.addAll(HistoryNotes.read(notes));
            saved = steps();
        });
        return this;
    }

    Outcome go() {
        refuseBadData();
        try (Shutdown shutdown = Shutdown.watch(trainer.saving().store().isPresent())) {
            saveLast(); // that it cannot be saved should not turn out after hours
            snapshot = Snapshot.of(state);
            tell(new Event.Started(plan, steps(), List.copyOf(history)));
            Outcome.End end = steps(shutdown);
            if (end == Outcome.End.INTERRUPTED) {
                saveLast();
            } else {
                keep();
            }
            Outcome outcome = new Outcome(end, history);
            tell(new Event.Ended(outcome));
            return outcome;
        }
    }

    /** Tries what could be refused on the first batches, before anything changes. */
    private void refuseBadData() {
        Evaluator trial = new Evaluator(trainer.task(), Execution.EAGER);
        Evaluation training = trial.evaluate(batches.rest(state.data().position()).subList(0, 1), List.of());
        Validation validation = trainer.validation();
        validation.data().map(data -> trial.evaluate(data.epoch(0).subList(0, 1), validation.metrics()))
                .orElse(training).figure(validation.criterion().figure());
    }

    private Outcome.End steps(Shutdown shutdown) {
        while (true) {
            Position at = state.data().position();
            if (at.epoch() >= trainer.epochs()) {
                return Outcome.End.FINISHED;
            }
            if (trainer.earlyStopping().filter(early -> tally.idle() >= early.patience()).isPresent()) {
                return Outcome.End.EARLY;
            }
            if (shutdown.isRequested() || trainer.stop().getAsBoolean() || Thread.currentThread().isInterrupted()) {
                return Outcome.End.INTERRUPTED;
            }
            step(at);
        }
    }

    private void step(Position at) {
        Batch batch = state.data().next();
        double loss = stepper.step(batch);
        if (!Double.isFinite(loss)) {
            throw new Fault(state, stepper, snapshot, batchesPerEpoch).find(loss,
                    RunState.steps(at, batchesPerEpoch));
        }
        tally.step(loss, batch.size());
        long step = RunState.steps(at, batchesPerEpoch) + 1;
        if (!trainer.listeners().isEmpty()) {
            tell(new Event.StepDone(plan, at.epoch(), step, loss, batch.size()));
        }
        if (at.batch() == batchesPerEpoch - 1) {
            endOfEpoch(at.epoch(), step);
        } else if (trainer.saving().isDue(step)) {
            saveLast();
        }
    }

    private void endOfEpoch(long epoch, long step) {
        Validation validation = trainer.validation();
        double loss = tally.endOfEpoch();
        EpochResult result = new EpochResult(epoch, step, loss, validation.data().map(data -> trainer.optimizer()
                .withAverages(() -> evaluator.evaluate(data.epoch(0), validation.metrics()))));
        history.add(result);
        boolean isBest = tally.judge(result.figure(validation.criterion().figure()),
                trainer.earlyStopping().map(EarlyStopping::minDelta).orElse(0.0));
        tell(new Event.EpochDone(plan, result, isBest));
        if (isBest) {
            rememberBest();
        }
        saveLast();
        snapshot = Snapshot.of(state);
    }

    private void rememberBest() {
        trainer.optimizer().withAverages(() -> {
            if (trainer.saving().store().isPresent()) {
                save(Slot.BEST);
            } else if (keepsBest()) {
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
        if (saved != steps()) {
            tally.write();
            save(Slot.LAST);
            saved = steps();
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
        tell(new Event.Saved(slot, steps()));
    }

    private long steps() {
        return RunState.steps(state.data().position(), batchesPerEpoch);
    }

    private void tell(Event event) {
        trainer.listeners().forEach(listener -> listener.on(event));
    }
}
