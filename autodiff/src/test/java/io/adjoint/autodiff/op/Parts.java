package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The tensors inside of arguments and results. */
final class Parts {
    private Parts() {}

    /** The tensors in a value: itself, or those in a list or array of them, or in the components of a record. */
    static Stream<Tensor> tensors(Object value) {
        return switch (value) {
            case Tensor tensor -> Stream.of(tensor);
            case Tensor[] many -> Arrays.stream(many);
            case List<?> many -> many.stream().flatMap(Parts::tensors);
            case Optional<?> one -> one.stream().flatMap(Parts::tensors);
            case Record parts -> Arrays.stream(parts.getClass().getRecordComponents()).flatMap(part -> {
                try {
                    return tensors(part.getAccessor().invoke(parts));
                } catch (ReflectiveOperationException e) {
                    return Stream.empty(); // not public, so no user sees it
                }
            });
            case null, default -> Stream.empty();
        };
    }

    /** The same value with its tensors, in the order of {@link #tensors}, replaced. */
    static Object replaced(Object value, Iterator<Tensor> others) {
        return switch (value) {
            case Tensor _ -> others.next();
            case Tensor[] many -> Stream.of(many).map(_ -> others.next()).toArray(Tensor[]::new);
            case List<?> many -> many.stream().map(each -> replaced(each, others)).toList();
            case Optional<?> one -> one.map(each -> replaced(each, others));
            case Record parts when tensors(parts).findAny().isPresent() -> replaced(parts, others);
            case null, default -> value;
        };
    }

    private static Record replaced(Record parts, Iterator<Tensor> others) {
        RecordComponent[] components = parts.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = replaced(components[i].getAccessor().invoke(parts), others);
            }
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return (Record) parts.getClass().getConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
