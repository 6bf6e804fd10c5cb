package example.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.TraceException;
import io.adjoint.autodiff.Variable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes in traced functions are refused with the line of the function, which is outside of the framework's packages. */
class TraceMistakesTest {
    private static final TensorSpec SPEC = new TensorSpec(DType.F32, Shape.of(3));
    private static final Tensor THREE = Tensor.zeros(Shape.of(3), DType.F32);

    /** Where a traced function says that its next line is wrong. */
    private static final class Mark {
        private static String place = "";

        private static void next() {
            StackTraceElement here = StackWalker.getInstance()
                    .walk(frames -> frames.skip(1).findFirst().orElseThrow().toStackTraceElement());
            place = " (at TraceMistakesTest." + here.getMethodName() + "(TraceMistakesTest.java:"
                    + (here.getLineNumber() + 1)
                    + "))";
        }
    }

    private static void assertRefused(Class<? extends RuntimeException> type, String message,
            UnaryOperator<Tensor> function) {
        RuntimeException traced = assertThrows(type, () -> Graph.trace(function, SPEC));
        assertEquals(message + Mark.place, traced.getMessage());
        Program program = Program.compile(function);
        for (int call = 0; call < 2; call++) { // what failed is not kept
            assertEquals(message + Mark.place, assertThrows(type, () -> program.apply(THREE)).getMessage());
        }
    }

    private static final String READ =
            "trace: a tensor without a value is read; expected tensor operations only, such as"
                    + " where() in place of an if, and the values after the run";

    static Stream<UnaryOperator<Tensor>> readers() {
        return Stream.of(x -> {
            Tensor sum = x.sum();
            Mark.next();
            return x.mul(sum.item());
        }, x -> {
            Mark.next();
            return Tensor.of(x.toFloats());
        }, x -> {
            Mark.next();
            return x.toString().isEmpty() ? x : x.neg();
        }, x -> {
            Mark.next();
            return x.sameBits(THREE) ? x : x.neg();
        }, x -> {
            Tensor any = x.gt(0).any();
            Mark.next();
            if (any.item() > 0) {
                return x;
            }
            return x.neg();
        });
    }

    @ParameterizedTest
    @MethodSource("readers")
    void aValueIsNotReadInATrace(UnaryOperator<Tensor> reader) {
        assertRefused(TraceException.class, READ, reader);
    }

    @Test
    void aTensorOfAnotherTraceIsNotUsed() {
        Tensor[] leaked = new Tensor[1];
        Graph.trace(x -> leaked[0] = x.exp(), SPEC);
        String message =
                "trace: a tensor of another trace is used; expected tensors that were made in this call of the traced"
                        + " function, its inputs, and tensors with values";
        assertRefused(TraceException.class, message, x -> {
            Mark.next();
            return x.add(leaked[0]);
        });
        assertRefused(TraceException.class, message, x -> Graph.trace(y -> {
            Mark.next();
            return y.add(x);
        }, SPEC) == null ? x : x.neg());
        assertEquals(READ, assertThrows(TraceException.class, leaked[0]::toFloats).getMessage());
    }

    @Test
    void anUpdateIsNotLost() {
        Variable v = Variable.buffer(THREE);
        assertRefused(TraceException.class,
                "trace: a variable is updated twice, and the first update is lost; expected one"
                        + " update, or a second one that is computed from what the variable holds by then",
                x -> {
                    v.set(x);
                    Mark.next();
                    v.set(x.add(1));
                    return x;
                });
        assertTrue(v.value().sameBits(THREE));
        Program.compile(x -> {
            v.set(x);
            v.set(v.value().add(1));
            return x;
        }).apply(THREE);
        assertArrayEquals(new float[] {1, 1, 1}, v.value().toFloats());
    }

    @Test
    void aShapeRefusalKeepsItsMessage() {
        Tensor four = Tensor.zeros(Shape.of(4), DType.F32);
        String message = assertThrows(ShapeException.class, () -> THREE.add(four)).getMessage();
        assertRefused(ShapeException.class, message, x -> {
            Mark.next();
            return x.add(four);
        });
        assertRefused(ShapeException.class, message, x -> Graph.trace(y -> {
            Mark.next();
            return y.add(four);
        }, SPEC) == null ? x : x.neg());
    }

    @Test
    void anExceptionOfTheFunctionPassesUnchanged() {
        IllegalStateException mine = new IllegalStateException("mine");
        assertSame(mine, assertThrows(IllegalStateException.class, () -> Graph.trace(x -> {
            throw mine;
        }, SPEC)));
        assertEquals("mine", mine.getMessage());
    }

    @Test
    void explanationsNameTheLine() {
        Program program = Program.compile(x -> {
            Mark.next();
            return x.exp().sum();
        });
        program.apply(THREE);
        assertTrue(program.explain().contains(Mark.place), program.explain());
        assertTrue(
                program.explain()
                        .startsWith("program TraceMistakesTest.explanationsNameTheLine(TraceMistakesTest.java:"),
                program.explain());
    }
}
