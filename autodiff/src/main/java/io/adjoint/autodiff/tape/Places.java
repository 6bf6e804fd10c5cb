package io.adjoint.autodiff.tape;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Lines of the user's code: the innermost ones outside of the framework. */
public final class Places {
    private static final List<String> FRAMEWORK = List.of("io.adjoint.autodiff.", "io.adjoint.nn.", "io.adjoint.optim.",
            "io.adjoint.serialization.", "java.", "jdk.", "sun.");

    private static final StackWalker WALKER = StackWalker.getInstance();

    private Places() {}

    /** The line that is being executed. */
    public static Optional<StackTraceElement> here() {
        return WALKER.walk(frames -> frames.filter(frame -> isUsers(frame.getClassName())).findFirst())
                .map(StackWalker.StackFrame::toStackTraceElement);
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
