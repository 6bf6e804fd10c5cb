package io.adjoint.autodiff;

import io.adjoint.autodiff.function.Affine;
import io.adjoint.autodiff.function.Normalisation;
import io.adjoint.autodiff.op.Uniform;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A function of two matrices and of some variables, made of steps that pick their operands from what was computed before.
 *
 * @param code what each step does, and three numbers by which it picks operands and attributes
 * @param rows of the first matrix, and columns of the second
 * @param columns of the first matrix, and rows of the second
 * @param dtype of both and of the variables
 */
public record RandomFunction(List<Instruction> code, int rows, int columns, DType dtype) {
    /** One step. */
    public record Instruction(Kind kind, int a, int b, int c) {}

    /** What a step may do. */
    public enum Kind {
        ADD((run, i) -> run.pick(i.a()).add(run.fitting(i.b(), run.pick(i.a())))),
        SUB((run, i) -> run.pick(i.a()).sub(run.fitting(i.b(), run.pick(i.a())))),
        MUL((run, i) -> run.pick(i.a()).mul(run.fitting(i.b(), run.pick(i.a())))),
        DIV((run, i) -> run.pick(i.a()).div(run.fitting(i.b(), run.pick(i.a())).abs().add(1))),
        NUMBER((run, i) -> run.pick(i.a()).mul(i.b() % 7 - 3)),
        TANH((run, i) -> run.pick(i.a()).tanh()),
        EXP((run, i) -> run.pick(i.a()).mul(-0.1).exp()),
        RELU((run, i) -> run.pick(i.a()).relu()),
        SIGMOID((run, i) -> run.pick(i.a()).sigmoid()),
        WHERE((run, i) -> run.pick(i.a()).gt(0).where(run.pick(i.a()), run.fitting(i.b(), run.pick(i.a())))),
        CAST((run, i) -> run.pick(i.a()).mul(10).cast(DType.I32).cast(run.dtype)),
        OTHER_FLOAT((run, i) -> run.pick(i.a()).cast(DType.F64).add(1).cast(run.dtype)),
        TRANSPOSE((run, i) -> run.pick(i.a()).transpose()),
        RESHAPE((run, i) -> run.pick(i.a()).reshape(run.pick(i.a()).dim(1), run.pick(i.a()).dim(0))),
        FLIP((run, i) -> run.pick(i.a()).flip(i.b() % 2)),
        SLICES((run, i) -> {
            Tensor x = run.pick(i.a());
            int at = i.b() % (x.dim(0) + 1);
            return Tensor.concat(0, x.slice(0, at, x.dim(0)), x.slice(0, 0, at));
        }),
        SUM((run, i) -> run.pick(i.a()).sum(Axes.keep(i.b() % 2)).mul(0.5).add(run.pick(i.a()))),
        MAX((run, i) -> run.pick(i.a()).max(i.b() % 2).unsqueeze(i.b() % 2).add(run.pick(i.a()))),
        TOTAL((run, i) -> run.pick(i.a()).mean().add(run.pick(i.b()))),
        MATMUL((run, i) -> {
            Tensor x = run.pick(i.a());
            return x.matmul(run.pick(i.b()).mean().mul(x).transpose()).tanh().matmul(x).mul(0.1);
        }),
        SIDE_BY_SIDE((run, i) -> {
            Tensor x = run.pick(i.a());
            Tensor y = run.fitting(i.b(), x);
            Tensor both = Tensor.stack(0, x.add(y), x.sub(y)).sigmoid();
            return both.permute(1, 0, 2).reshape(x.dim(0), 2 * x.dim(1)).narrow(1, i.c() % (x.dim(1) + 1), x.dim(1));
        }),
        HEADS((run, i) -> {
            Tensor x = run.pick(i.a());
            Tensor heads = Tensor.stack(0, x, x.neg()).unsqueeze(0).matmul(x.transpose().matmul(x).tanh());
            return heads.transpose(1, 2).reshape(x.dim(0), 2 * x.dim(1)).narrow(1, i.c() % (x.dim(1) + 1), x.dim(1));
        }),
        JOINED((run, i) -> {
            Tensor x = run.pick(i.a());
            Tensor part = x.mul(run.fitting(i.b(), x));
            Tensor inner = Tensor.concat(i.c() % 2, part, x.tanh().neg());
            Tensor outer = Tensor.concat(i.b() % 2, inner, inner.mul(2), inner);
            return outer.narrow(0, i.c() % (outer.dim(0) - x.dim(0) + 1), x.dim(0))
                    .narrow(1, i.a() % (outer.dim(1) - x.dim(1) + 1), x.dim(1)).add(part);
        }),
        SOFTMAX((run, i) -> run.pick(i.a()).softmax(i.b() % 2)),
        NORM((run, i) -> Normalisation.layer(run.pick(i.a()), Shape.of(run.pick(i.a()).dim(1)), Affine.NONE, 1e-5)),
        GATHER((run, i) -> run.pick(i.a())
                .indexSelect(0, Tensor.range(run.pick(i.a()).dim(0)).add(i.b()).remainder(run.pick(i.a()).dim(0)))),
        NOISE((run, i) -> run.pick(i.a()).mul(new Uniform(run.pick(i.a()).shape(), run.dtype).apply(run.nextKey()))),
        READ((run, i) -> run.pick(i.a()).mul(run.variable(i.b()).value().mean())),
        UPDATE((run, i) -> {
            Variable variable = run.variable(i.b());
            variable.set(variable.value().mul(0.5).add(run.pick(i.a()).mean()));
            return run.pick(i.a());
        }),
        MOVE((run, i) -> {
            Variable variable = run.variable(i.b());
            variable.set(run.variable(i.c()).value().add(variable.value()).mul(0.5));
            return run.pick(i.a());
        }),
        OLD((run, i) -> {
            Tensor old = run.variable(i.b()).value();
            run.variable(i.b()).set(old.sub(run.pick(i.a()).mean()));
            return i.c() % 2 == 0 ? old : old.flip(0);
        }),
        SWAP((run, i) -> {
            Tensor old = run.variable(i.b()).value();
            if (run.variable(i.b()) != run.variable(i.c())) {
                run.variable(i.b()).set(run.variable(i.c()).value());
                run.variable(i.c()).set(old);
            }
            return run.pick(i.a());
        }),
        GRADIENT((run, i) -> {
            Tensor x = run.pick(i.a()).detached().tracked();
            Tensor y = x.tanh().mul(run.fitting(i.b(), x)).square().sum();
            return y.gradients(x).of(x);
        }),
        SLICED((run, i) -> {
            Tensor x = run.pick(i.a()).detached().tracked();
            Tensor y = Tensor.scalar(0.5f).cast(run.dtype);
            for (int row = 0; row < x.dim(0); row += 1 + i.c() % 3) {
                Tensor some = x.narrow(0, row, 1);
                int at = i.b() % (x.dim(1) + 1);
                y = y.add(some.narrow(1, at, x.dim(1) - at).tanh().sum())
                        .sub(some.narrow(1, 0, at).relu().mul(y).sum());
            }
            return y.gradients(x).of(x);
        }),
        SECOND((run, i) -> {
            Tensor x = run.pick(i.a()).detached().tracked();
            Tensor slope = x.sigmoid().mul(x).sum().differentiableGradients(x).of(x);
            return slope.square().sum().gradients(x).of(x);
        }),
        TRAIN((run, i) -> Training.scope(() -> {
            Tensor w = run.parameter.value();
            Tensor loss = run.pick(i.a()).detached().mul(w.mean()).sub(1).square().mean();
            Tensor gradient = loss.gradients(run.parameter).of(run.parameter);
            run.parameter.set(w.detached().sub(gradient.mul(0.1)));
            return run.pick(i.a()).mul(loss.detached());
        }));

        private final Step step;

        Kind(Step step) {
            this.step = step;
        }
    }

    private interface Step {
        Tensor apply(Run run, Instruction instruction);
    }

    /** The variables of one copy of the function. */
    public static final class State {
        private final List<Variable> variables = new ArrayList<>();
        private final Variable parameter;
        private final Variable key = Variable.buffer(Rng.seed(5).key());

        /** Fresh ones, the same for each copy. */
        public State(RandomFunction function) {
            Random random = new Random(3);
            for (int i = 0; i < 3; i++) {
                variables.add(Variable.buffer(function.matrix(random, function.rows, function.columns)));
            }
            parameter = Variable.parameter(function.matrix(random, function.columns, function.rows));
        }

        /** What they hold. */
        public List<Tensor> values() {
            List<Tensor> values = new ArrayList<>(variables.stream().map(Variable::value).toList());
            values.add(parameter.value());
            values.add(key.value());
            return values;
        }
    }

    Tensor matrix(Random random, int first, int second) {
        return Rng.seed(random.nextLong()).normal(Shape.of(first, second), dtype);
    }

    /** Two matrices to call the function with. */
    public List<Tensor> inputs(long seed) {
        Random random = new Random(seed);
        return List.of(matrix(random, rows, columns), matrix(random, columns, rows));
    }

    /** The last values, the first of all steps that made one, and the sum of the last one. */
    public List<Tensor> call(State state, List<Tensor> inputs) {
        Run run = new Run(this, state, new ArrayList<>(inputs));
        for (Instruction instruction : code) {
            run.values.add(instruction.kind.step.apply(run, instruction));
        }
        Tensor last = run.values.getLast();
        return List.of(last, run.values.get(run.values.size() / 2), last.sum(), last.transpose());
    }

    /** A call. */
    private static final class Run {
        private final DType dtype;
        private final List<Tensor> values;
        private final State state;
        private final Variable parameter;

        Run(RandomFunction function, State state, List<Tensor> values) {
            this.dtype = function.dtype;
            this.state = state;
            this.values = values;
            this.parameter = state.parameter;
        }

        Tensor pick(int number) {
            return values.get(number % values.size());
        }

        /** A value that stretches to the shape of another: one of its shape, or else a row or a column of some value. */
        Tensor fitting(int number, Tensor to) {
            Tensor x = pick(number);
            if (x.shape().equals(to.shape())) {
                return x;
            }
            Tensor turned = x.transpose();
            return switch (number % 3) {
                case 0 -> turned.sum(Axes.keep(0));
                case 1 -> turned.max(1).unsqueeze(1);
                default -> turned;
            };
        }

        Variable variable(int number) {
            return state.variables.get(number % state.variables.size());
        }

        Tensor nextKey() {
            Tensor key = state.key.value();
            state.key.set(key.add(Tensor.of(new long[] {0, 1})));
            return key;
        }
    }
}
