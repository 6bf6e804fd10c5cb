package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/**
 * Law 4: a wrong call is refused where it was made, in one form of message, and no other exception comes out of the
 * library. A call that is accepted goes through to the end, its gradient included.
 */
class RefusalLawTest {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_. ]*: [^:;]+(: [^;]+)?; expected \\S.*");

    /** More elements than a wild call may really compute. */
    private static final int MANY = 1 << 20;

    /** What is tried, for the message of a failure. */
    private record Call(String text, Body body) {
        interface Body {
            Object run() throws ReflectiveOperationException;
        }

        /** Runs it; refusals must have the one form, and nothing else may come out. */
        boolean isAccepted() {
            try {
                body.run();
                return true;
            } catch (ReflectiveOperationException e) {
                return throwsOnly(e.getCause());
            } catch (Throwable e) {
                return throwsOnly(e);
            }
        }

        private boolean throwsOnly(Throwable thrown) {
            if (thrown instanceof ShapeException refusal) {
                assertTrue(FORM.matcher(refusal.getMessage()).matches(),
                        text + " has the message " + refusal.getMessage());
                return false;
            }
            return fail(text + " does not refuse", thrown);
        }
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void operationsRefuseWrongCalls(@ForAll long seed) {
        Wild wild = new Wild(seed);
        for (Catalogue.Entry entry : Catalogue.entries()) {
            Sample sample = entry.sample(new Sampler(wild.index(1 << 30), DType.F64));
            List<Tensor> inputs = new ArrayList<>(sample.inputs());
            inputs.replaceAll(input -> wild.oneIn(2) ? wild.tensor() : input);
            if (wild.oneIn(8)) {
                inputs.add(wild.tensor());
            } else if (wild.oneIn(8)) {
                inputs.removeLast();
            }
            String text = entry.type().getSimpleName() + " with inputs " + inputs.stream().map(Tensor::spec).toList()
                    + ", seed " + seed;
            new Call(text, () -> tryOut(wild.oneIn(3) ? sample.op() : mutate(sample.op(), wild), inputs)).isAccepted();
        }
    }

    /** The operation with some of its attributes replaced. */
    private static Op mutate(Op op, Wild wild) throws ReflectiveOperationException {
        if (!op.getClass().isRecord()) {
            return op;
        }
        RecordComponent[] components = op.getClass().getRecordComponents();
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = wild.oneIn(2) ? components[i].getAccessor().invoke(op)
                    : wild.of(components[i].getGenericType());
        }
        Constructor<?> constructor = op.getClass().getDeclaredConstructor(types);
        return (Op) constructor.newInstance(values);
    }

    /** Applies the operation and pulls a gradient back; computing what is only too large to try is left out. */
    private static Tensor tryOut(Op op, List<Tensor> inputs) {
        List<Tensor> tracked = inputs.stream().map(x -> x.dtype().isFloat() ? x.tracked() : x).toList();
        TensorSpec spec = null;
        if (inputs.size() >= op.arity().least() && inputs.size() <= op.arity().most() && !(op instanceof Elementwise)) {
            spec = op.infer(inputs.stream().map(Tensor::spec).toList());
            if (spec.shape().size() > MANY) {
                return inputs.getFirst();
            }
        }
        Tensor result = op.apply(tracked.toArray(Tensor[]::new));
        if (spec != null) {
            assertEquals(spec, result.spec(), op.toString());
        }
        Tensor[] leaves = tracked.stream().filter(Tensor::isTracked).toArray(Tensor[]::new);
        if (result.isTracked()) {
            try {
                result.vjp(Tensor.full(result.shape(), result.dtype(), 1), leaves);
            } catch (ShapeException e) {
                throw new AssertionError("accepted, but the gradient is refused: " + op, e);
            }
        }
        return result;
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void publicMethodsRefuseWrongCalls(@ForAll long seed) {
        Wild wild = new Wild(seed);
        for (Method method : PublicMethods.all()) {
            for (int i = 0; i < 10; i++) {
                new Call(method + ", seed " + seed, () -> {
                    Object receiver =
                            Modifier.isStatic(method.getModifiers()) ? null : wild.of(method.getDeclaringClass());
                    Object[] arguments = Arrays.stream(method.getGenericParameterTypes()).map(wild::of).toArray();
                    return new Call(PublicMethods.describe(method, receiver, arguments) + ", seed " + seed,
                            () -> pullBack(invoke(method, receiver, arguments), receiver, arguments)).isAccepted();
                }).isAccepted();
            }
        }
    }

    /** What was accepted has gradients of both orders, too, without a refusal on the way. */
    private static Object pullBack(Object result, Object receiver, Object[] arguments) {
        Tensor[] leaves = Stream.concat(Stream.ofNullable(receiver), Arrays.stream(arguments))
                .flatMap(Parts::tensors).filter(Tensor::isTracked).toArray(Tensor[]::new);
        if (leaves.length > 0) {
            try {
                Parts.tensors(result).filter(tensor -> tensor.isTracked() && tensor.size() <= MANY)
                        .forEach(tensor -> pullBackTwice(tensor, leaves));
            } catch (ShapeException e) {
                throw new AssertionError("accepted, but the gradient is refused", e);
            }
        }
        return result;
    }

    private static void pullBackTwice(Tensor result, Tensor[] leaves) {
        Tensor cotangent = Tensor.full(result.shape(), result.dtype(), 1);
        for (Tensor gradient : result.vjp(cotangent, leaves).values()) {
            if (gradient.isTracked()) {
                gradient.vjp(gradient.detached(), leaves);
            }
        }
    }

    private static Object invoke(Method method, Object receiver, Object[] arguments)
            throws ReflectiveOperationException {
        try {
            return method.invoke(receiver, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof OutOfMemoryError) {
                return e; // the shape was legal, the machine is too small
            }
            throw e;
        }
    }

    @Test
    void everyPublicMethodIsTried() {
        assertTrue(PublicMethods.all().size() > 150, "found only " + PublicMethods.all().size());
    }
}
