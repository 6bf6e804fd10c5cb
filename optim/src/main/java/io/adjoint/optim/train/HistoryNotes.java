package io.adjoint.optim.train;

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

    static List<EpochResult> read(Map<String, String> notes) {
        return notes.entrySet().stream().filter(note -> note.getKey().startsWith(EPOCH))
                .sorted(Map.Entry.comparingByKey())
                .map(note -> result(note.getValue().split(SEPARATOR))).toList();
    }

    private static EpochResult result(String[] fields) {
        Optional<Evaluation> validation = Optional.empty();
        if (fields.length > FIELDS) {
            SequencedMap<String, Double> metrics = new LinkedHashMap<>();
            for (int i = FIELDS + 2; i + 1 < fields.length; i += 2) {
                metrics.put(fields[i], Double.valueOf(fields[i + 1]));
            }
            validation = Optional.of(new Evaluation(Double.parseDouble(fields[FIELDS + 1]), metrics));
        }
        return new EpochResult(Long.parseLong(fields[0]), Long.parseLong(fields[1]), Double.parseDouble(fields[2]),
                validation);
    }
}
