package io.adjoint.autodiff.tape;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Lines of the user's code: the innermost ones outside of the framework. */
public final class Places {
    private static final List<String> FRAMEWORK = List.of("io.adjoint.autodiff.", "io.adjoint.nn.", "io.adjoint.optim.",
            "io.adjoint.serialization.", "java.", "jdk.", "sun.");

    private static final StackWalker WALKER = StackWalker.getInstance();

    /** The line that was being executed when the calling thread came through {@link Around}. */
    private static final ScopedValue<Optional<StackTraceElement>> BEFORE = ScopedValue.newInstance();

    private Places() {}

    /** The line that is being executed. */
    public static Optional<StackTraceElement> here() {
        return WALKER
                .walk(frames -> frames.filter(frame -> isUsers(frame.getClassName()) || isAround(frame)).findFirst())
                .flatMap(frame -> isAround(frame) ? BEFORE.get() : Optional.of(frame.toStackTraceElement()));
    }

    /**
     * Runs a body of many operations. In a trace, which asks for the line of each, the one that leads here is looked for only once:
     * most of a training step runs far above it.
     */
    public static <T> T remembering(Supplier<T> body) {
        return GraphTrace.open() == null ? body.get() : Around.run(here(), body);
    }

    /** By its frame a search knows that what is below was searched before. */
    private static final class Around {
        static <T> T run(Optional<StackTraceElement> before, Supplier<T> body) {
            return ScopedValue.where(BEFORE, before).call(body::get);
        }
    }

    private static boolean isAround(StackWalker.StackFrame frame) {
        return frame.getClassName().equals(Around.class.getName());
    }

    /** The line that was being executed when an exception was made, as {@code Net.forward(Net.java:17)}. */
    static Optional<String> of(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace()).filter(frame -> isUsers(frame.getClassName())).findFirst()
                .map(Places::print);
    }

    /** A line, as {@code Net.forward(Net.java:17)}. */
    public static String print(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.substring(name.lastIndexOf('.') + 1) + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                + frame.getLineNumber() + ")";
    }

    private static boolean isUsers(String className) {
        for (String prefix : FRAMEWORK) { // a trace asks this of every frame under every operation
            if (className.startsWith(prefix)) {
                return false;
            }
        }
        return true;
    }
}
