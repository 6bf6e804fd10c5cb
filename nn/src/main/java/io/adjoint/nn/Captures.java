package io.adjoint.nn;

import io.adjoint.autodiff.Observation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Looks at what the parts of a model compute on the way, without changing the model: while {@link #run} runs a body, the
 * results of all parts whose path a pattern names are kept.
 *
 * {@snippet :
 * Captured<Tensor> captured = Captures.of("encoder.*").run(() -> model.forward(x));
 * Tensor hidden = captured.tensor("encoder.2");
 * Tensor y = captured.result();
 * }
 *
 * A path joins the names under which layers call their parts, {@code part.forward("name", x)} or {@code Module.within("name",
 * ...)}; it begins at the body. What is tracked stays so: a loss may use it. Captures belong to the thread that runs the body,
 * and may be nested.
 */
public final class Captures {
    private static final ScopedValue<Frame> OPEN = ScopedValue.newInstance();

    private final List<PathPattern> patterns;

    private Captures(List<PathPattern> patterns) {
        this.patterns = patterns;
    }

    /**
     * Captures what parts with such a path compute: {@code *} stands for any part of a name, {@code **} for any number of names.
     */
    public static Captures of(String... patterns) {
        return new Captures(PathPattern.of(patterns));
    }

    /** Runs the body and keeps what it asks for. */
    public <T> Captured<T> run(Supplier<T> body) {
        Run run = new Run(this, new LinkedHashMap<>());
        T result = during(run, body);
        run.outputs.replaceAll((_, calls) -> List.copyOf(calls));
        return new Captured<>(result, Collections.unmodifiableSequencedMap(run.outputs));
    }

    /**
     * The path of the innermost part that is running inside of this one's {@link #run}; empty where none is. For code that is
     * called on the way, such as an {@link Observation}.
     */
    public String path() {
        return path(recorder -> recorder instanceof Run run && run.captures == this);
    }

    /** Told of the result of each part. */
    @FunctionalInterface
    interface Recorder {
        void returned(String path, Object output);
    }

    /** Keeps what is asked for. */
    private record Run(Captures captures, SequencedMap<String, List<Object>> outputs) implements Recorder {
        @Override
        public void returned(String path, Object output) {
            if (captures.patterns.stream().anyMatch(pattern -> pattern.matches(path))) {
                outputs.computeIfAbsent(path, _ -> new ArrayList<>()).add(output);
            }
        }
    }

    /** Where in a model the calling code is, as one recorder sees it, and those around it. */
    private record Frame(String path, Recorder recorder, Frame outer) {
        Frame inside(String name) {
            return new Frame(path.isEmpty() ? name : path + "." + name, recorder,
                    outer == null ? null : outer.inside(name));
        }

        void returned(Object output) {
            recorder.returned(path, output);
            if (outer != null) {
                outer.returned(output);
            }
        }
    }

    /** Runs the body with a recorder. */
    static <T> T during(Recorder recorder, Supplier<T> body) {
        Frame outer = OPEN.isBound() ? OPEN.get() : null;
        return ScopedValue.where(OPEN, new Frame("", recorder, outer)).call(body::get);
    }

    /** The path of the innermost part that is running, as a recorder sees it. */
    static String path(Recorder recorder) {
        return path(each -> each == recorder);
    }

    private static String path(Predicate<Recorder> isMeant) {
        Frame frame = OPEN.isBound() ? OPEN.get() : null;
        while (frame != null && !isMeant.test(frame.recorder)) {
            frame = frame.outer;
        }
        return frame == null ? "" : frame.path;
    }

    /** Runs a call of a part. */
    static <T> T within(String name, Supplier<T> call) {
        if (!OPEN.isBound()) {
            return call.get();
        }
        Frame frame = OPEN.get().inside(name);
        T output = ScopedValue.where(OPEN, frame).call(call::get);
        frame.returned(output);
        return output;
    }
}
