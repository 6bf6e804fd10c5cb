package io.adjoint.optim.train;

import io.adjoint.optim.data.DataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The history as the notes of a checkpoint: a line an epoch, numbers to the last bit. */
final class HistoryNotes {
    private static final String EPOCH = "epoch ";
    private static final String SEPARATOR = "\t";
    private static final int FIELDS = 3;

    /** Notes have room for some 2,000 epochs; of more, those at the beginning are not kept. */
    private static final int MOST_CHARACTERS = 150_000;

    private HistoryNotes() {}

    static Map<String, String> write(List<EpochResult> history) {
        Map<String, String> notes = new LinkedHashMap<>();
        int characters = 0;
        for (EpochResult result : history.reversed()) {
            List<String> fields = new ArrayList<>(List.of(Long.toString(result.epoch()),
                    Long.toString(result.step()), Double.toString(result.loss())));
            result.validation().ifPresent(validation -> {
                fields.add(Evaluation.LOSS);
                fields.add(Double.toString(validation.loss()));
                validation.metrics().forEach((name, figure) -> {
                    fields.add(name.replace(SEPARATOR, " "));
                    fields.add(Double.toString(figure));
                });
            });
            String line = String.join(SEPARATOR, fields);
            characters += line.length();
            if (characters > MOST_CHARACTERS) {
                break;
            }
            notes.put(EPOCH + String.format("%09d", result.epoch()), line);
        }
        return notes;
    }

    /** @throws DataException if they are not what was written here */
    static List<EpochResult> read(Map<String, String> notes) {
        return notes.entrySet().stream().filter(note -> note.getKey().startsWith(EPOCH))
                .sorted(Map.Entry.comparingByKey())
                .map(note -> result(note.getKey(), note.getValue().split(SEPARATOR, -1))).toList();
    }

    private static EpochResult result(String note, String[] fields) {
        try {
            if (fields.length >= FIELDS && fields.length % 2 == 1) {
                return new EpochResult(Long.parseLong(fields[0]), Long.parseLong(fields[1]),
                        Double.parseDouble(fields[2]), validation(fields));
            }
            throw refusal(note);
        } catch (NumberFormatException e) {
            throw refusal(note);
        }
    }

    private static DataException refusal(String note) {
        return DataException.in("checkpoint").at("note", note).found("no figures of an epoch",
                "what a training wrote");
    }

    private static Optional<Evaluation> validation(String[] fields) {
        if (fields.length == FIELDS) {
            return Optional.empty();
        }
        SequencedMap<String, Double> metrics = new LinkedHashMap<>();
        for (int i = FIELDS + 2; i < fields.length; i += 2) {
            metrics.put(fields[i], Double.valueOf(fields[i + 1]));
        }
        return Optional.of(new Evaluation(Double.parseDouble(fields[FIELDS + 1]), metrics));
    }
}
