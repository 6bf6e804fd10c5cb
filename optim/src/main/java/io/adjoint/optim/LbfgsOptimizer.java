package io.adjoint.optim;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TraceException;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@link Lbfgs} at work on the parameters of a model. It is a module whose variables are what it remembers, so it is saved and
 * resumed as an {@link Optimizer} is. One thread at a time.
 */
public final class LbfgsOptimizer implements Module {
    private final Lbfgs form;
    private final List<Variable> trained;
    private final Pairs pairs;
    private final Variable iterations = Variable.buffer(Tensor.zeros(Shape.scalar(), DType.I64));
    private final Variable direction;
    private final Variable gradient;
    private final Variable length = Variable.buffer(Tensor.scalar(0, DType.F64));
    /** What a step changes. */
    private final List<Variable> changing;

    LbfgsOptimizer(Lbfgs form, Collection<Variable> parameters) {
        this.form = form;
        this.trained = List.copyOf(parameters);
        Tensor zeros = flat(trained.stream().map(v -> Tensor.zeros(v.spec().shape(), v.spec().dtype())).toList());
        this.pairs = new Pairs(zeros, form.history());
        this.direction = Variable.buffer(zeros);
        this.gradient = Variable.buffer(zeros);
        this.changing = Stream.concat(trained.stream(), variables().values().stream()).toList();
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        parts.put("iterations", iterations);
        parts.put("direction", direction);
        parts.put("gradient", gradient);
        parts.put("length", length);
        parts.put("pairs", pairs);
        return Collections.unmodifiableSequencedMap(parts);
    }

    /** The parameters of the model that this improves, in its order. */
    public List<Variable> trained() {
        return trained;
    }

    /**
     * One step of several iterations. A refused step changes nothing.
     *
     * @param loss computes the loss, a float scalar, from the values of the parameters; it is called for each evaluation
     *     in a {@link Training} scope
     * @return the loss before the step, as a constant
     * @throws ShapeException if the loss is not a float scalar or depends on none of the parameters
     */
    public Tensor minimize(Supplier<Tensor> loss) {
        return step(() -> evaluate(loss));
    }

    /**
     * Steps that evaluate the loss and its gradient as one program, and have the bits of {@link #minimize}. How many evaluations
     * a step needs and where, it finds out between them.
     *
     * @param loss computes the loss, a float scalar, from the inputs of a step and the values of the parameters
     */
    public Compiled compile(Function<List<Tensor>, Tensor> loss) {
        return new Compiled(Program.compileAll(in -> evaluate(() -> loss.apply(in))));
    }

    /** Steps of which the loss is compiled. */
    public final class Compiled {
        private final Program evaluation;

        private Compiled(Program evaluation) {
            this.evaluation = evaluation;
        }

        /**
         * One step of several iterations, as {@link LbfgsOptimizer#minimize} takes it.
         *
         * @param inputs of the loss, the same in all evaluations of this step
         * @return the loss before the step, as a constant
         * @throws ShapeException if the loss is not a float scalar or depends on none of the parameters
         * @throws TraceException if the loss cannot be traced
         */
        public Tensor minimize(Tensor... inputs) {
            return step(() -> evaluation.applyAll(inputs));
        }
    }

    /** The loss at the parameters, and its gradient by all of them in one vector. */
    private List<Tensor> evaluate(Supplier<Tensor> loss) {
        return Training.scope(() -> {
            Tensor value = loss.get();
            Optimizer.requireDependence(value, trained);
            return List.of(value.detached(), flat(value.gradients(trained).values()));
        });
    }

    private Tensor step(Supplier<List<Tensor>> evaluation) {
        return Values.orUnchanged(changing, () -> run(new Objective(evaluation)));
    }

    private Tensor run(Objective objective) {
        Point here = objective.here(0);
        Tensor first = here.loss;
        for (int i = 1; i <= form.iterations() && !isFlat(here.gradient); i++) {
            Tensor way = nextDirection(here.gradient);
            boolean isFirst = iterations.value().item() == 0;
            iterations.set(iterations.value().add(1));
            double start = isFirst ? Math.min(1, 1 / here.gradient.abs().sum().item()) * form.learningRate()
                    : form.learningRate();
            direction.set(way);
            gradient.set(here.gradient);
            length.set(Tensor.scalar(start, DType.F64));
            double slope = here.gradient.dot(way).item();
            if (slope > -form.changeTolerance()) {
                break;
            }
            Tensor origin = flat(Values.of(trained));
            Point before = here;
            here = switch (form.search()) {
                case FIXED -> {
                    move(origin, way, start);
                    // the loss at the last place is left to the next step
                    yield i == form.iterations() ? before : objective.here(start);
                }
                case STRONG_WOLFE -> search(objective, before, origin, way, slope, start);
            };
            length.set(Tensor.scalar(form.search() == Lbfgs.Search.FIXED ? start : here.distance, DType.F64));
            if (i == form.iterations() || objective.count >= form.evaluations() || isStill(before, here, way)) {
                break;
            }
        }
        return first;
    }

    private boolean isFlat(Tensor slope) {
        return slope.abs().max().item() <= form.gradientTolerance();
    }

    private boolean isStill(Point before, Point after, Tensor way) {
        return way.abs().max().item() * length.value().item() <= form.changeTolerance()
                || Math.abs(after.loss.item() - before.loss.item()) < form.changeTolerance();
    }

    private Tensor nextDirection(Tensor slope) {
        if (iterations.value().item() > 0) {
            Tensor moved = direction.value().mul(length.value().item());
            pairs.add(moved, slope.sub(gradient.value()));
        }
        return pairs.descent(slope);
    }

    private Point search(Objective objective, Point before, Tensor origin, Tensor way, double slope, double start) {
        StrongWolfe<Point> line = new StrongWolfe<>(distance -> {
            move(origin, way, distance);
            Point there = objective.here(distance);
            return new StrongWolfe.Place<>(distance, there.loss.item(), there.gradient.dot(way).item(), there);
        }, way.abs().max().item(), form.changeTolerance());
        Point found = line.find(new StrongWolfe.Place<>(0, before.loss.item(), slope, before), start).what();
        move(origin, way, found.distance);
        return found;
    }

    private void move(Tensor origin, Tensor way, double distance) {
        Tensor place = origin.add(way.mul(distance));
        int from = 0;
        for (Variable variable : trained) {
            int to = from + variable.spec().shape().size();
            variable.set(place.slice(0, from, to).reshape(variable.spec().shape()).cast(variable.spec().dtype()));
            from = to;
        }
    }

    private static Tensor flat(List<Tensor> tensors) {
        return Tensor.concat(0, tensors.stream().map(x -> x.reshape(-1)).toArray(Tensor[]::new));
    }

    /** A place on a line, with the loss and its gradient there. */
    private record Point(double distance, Tensor loss, Tensor gradient) {}

    /** Evaluates the loss where the parameters are, and counts how often. */
    private static final class Objective {
        private final Supplier<List<Tensor>> evaluation;
        private int count;

        private Objective(Supplier<List<Tensor>> evaluation) {
            this.evaluation = evaluation;
        }

        private Point here(double distance) {
            count++;
            List<Tensor> found = evaluation.get();
            return new Point(distance, found.getFirst(), found.getLast());
        }
    }
}
