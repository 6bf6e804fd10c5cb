package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Every operation there is, read off the sealed types: enum constants and permitted records. Nothing else lists them;
 * tests, documentation and exporters walk this. An operation takes part by a method {@code sample(Sampler)}, of the
 * constant or static in the record, that makes inputs it accepts.
 */
public final class Catalogue {
    private Catalogue() {}

    /**
     * An operation of the catalogue.
     *
     * @param id the operation's name
     * @param type the enum or record that it is declared in
     * @param sampling makes the operation, with random attributes, and inputs that it accepts
     */
    public record Entry(String id, Class<?> type, Function<Sampler, Sample> sampling) {
        /** A random application of the operation. */
        public Sample sample(Sampler sampler) {
            return sampling.apply(sampler);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    /** All operations but the user's own, by kind and then by declaration. */
    public static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        collect(Op.class, entries);
        return List.copyOf(entries);
    }

    private static void collect(Class<?> type, List<Entry> entries) {
        if (type == Custom.class) {
            return;
        }
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                collect(permitted, entries);
            }
        } else if (type.isEnum()) {
            Method sample = sampleMethod(type);
            for (Object constant : type.getEnumConstants()) {
                entries.add(new Entry(((Op) constant).id(), type, sampler -> invoke(sample, constant, sampler)));
            }
        } else {
            Method sample = sampleMethod(type);
            if (!Modifier.isStatic(sample.getModifiers())) {
                throw new AssertionError(sample + " must be static");
            }
            Function<Sampler, Sample> sampling = sampler -> invoke(sample, type, sampler);
            entries.add(new Entry(sampling.apply(new Sampler(0, DType.F64)).op().id(), type,
                    sampling));
        }
    }

    private static Method sampleMethod(Class<?> type) {
        try {
            return type.getDeclaredMethod("sample", Sampler.class);
        } catch (NoSuchMethodException e) {
            throw new AssertionError("the operation " + type.getName() + " lacks a method sample(Sampler)", e);
        }
    }

    private static Sample invoke(Method method, Object receiver, Sampler sampler) {
        try {
            return (Sample) method.invoke(receiver, sampler);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        }
    }
}
