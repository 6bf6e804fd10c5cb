package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.tape.Places;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

/** The events of {@link Flight}. */
final class FlightEvents {
    private static final SlowStep SLOW_STEP = new SlowStep();
    private static final SlowOperation SLOW_OPERATION = new SlowOperation();

    private FlightEvents() {}

    @Name("io.adjoint.Compilation")
    @Label("Program Compilation")
    @Description("A function was traced and compiled for inputs of some dtypes and shapes")
    @Category("Adjoint")
    private static final class Compilation extends Event {
        @Label("Function")
        String function;
        @Label("Signature")
        String signature;
        @Label("Steps")
        int steps;
        @Label("Units")
        int units;
        @Label("Time Taken")
        @Timespan(Timespan.NANOSECONDS)
        long taken;
    }

    @Name("io.adjoint.Recompilation")
    @Label("Program Recompilation")
    @Description("A function was compiled again, for inputs of other dtypes and shapes or for another training scope")
    @Category("Adjoint")
    private static final class Recompilation extends Event {
        @Label("Function")
        String function;
        @Label("Signature")
        String signature;
        @Label("Signatures Before")
        int known;
    }

    @Name("io.adjoint.SlowStep")
    @Label("Slow Step")
    @Description("A call of a program took much longer than the calls before")
    @Category("Adjoint")
    private static final class SlowStep extends Event {
        @Label("Function")
        String function;
        @Label("Signature")
        String signature;
        @Label("Time Taken")
        @Timespan(Timespan.NANOSECONDS)
        long taken;
        @Label("Median Before")
        @Timespan(Timespan.NANOSECONDS)
        long median;
    }

    @Name("io.adjoint.SlowOperation")
    @Label("Slow Operation")
    @Description("One unit of a program took long")
    @Category("Adjoint")
    @StackTrace(false)
    @Threshold("20 ms")
    private static final class SlowOperation extends Event {
        @Label("Operations")
        String operations;
        @Label("Result")
        String result;
        @Label("Line")
        String line;
    }

    static void compiled(String function, String signature, int known, long nanos, Plan plan) {
        Compilation event = new Compilation();
        if (event.isEnabled()) {
            event.function = function;
            event.signature = signature;
            event.steps = plan.graph().steps().size();
            event.units = plan.units().size();
            event.taken = nanos;
            event.commit();
        }
        Recompilation again = new Recompilation();
        if (known > 0 && again.isEnabled()) {
            again.function = function;
            again.signature = signature;
            again.known = known;
            again.commit();
        }
    }

    static boolean wantsSlowSteps() {
        return SLOW_STEP.isEnabled();
    }

    static void slowStep(String function, String signature, long nanos, long median) {
        SlowStep event = new SlowStep();
        event.function = function;
        event.signature = signature;
        event.taken = nanos;
        event.median = median;
        event.commit();
    }

    static boolean wantsSlowOperations() {
        return SLOW_OPERATION.isEnabled();
    }

    static void operation(Runnable launch, Plan plan, int number) {
        SlowOperation event = new SlowOperation();
        event.begin();
        launch.run();
        event.end();
        if (event.shouldCommit()) {
            describe(event, plan, number);
            event.commit();
        }
    }

    private static void describe(SlowOperation event, Plan plan, int number) {
        if (number >= plan.units().size()) {
            event.operations = "copy to a variable";
            return;
        }
        List<Integer> members = plan.units().get(number).members();
        event.operations = members.stream().map(member -> apply(plan, member).call()).collect(Collectors.joining(", "));
        event.result = apply(plan, members.getLast()).spec().toString();
        event.line = apply(plan, members.getFirst()).place().map(Places::print).orElse("");
    }

    private static Graph.Apply apply(Plan plan, int step) {
        return (Graph.Apply) plan.graph().steps().get(step);
    }
}
