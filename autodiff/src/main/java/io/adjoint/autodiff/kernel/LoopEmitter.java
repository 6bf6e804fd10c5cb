package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Emits the frame that all loops share: a hidden class that unpacks its operands and walks the rows. */
final class LoopEmitter {
    /** The parameters of {@link Loop#run} by number. */
    static final int ARRAYS = 0;
    static final int OFFSETS = 1;
    static final int ROW_STRIDES = 2;
    static final int COLUMN_STRIDES = 3;
    static final int ROWS = 4;
    static final int COLUMNS = 5;

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final ClassDesc LOOP = Loop.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(ConstantDescs.CD_void,
            ConstantDescs.CD_Object.arrayType(),
            ConstantDescs.CD_int.arrayType(), ConstantDescs.CD_int.arrayType(), ConstantDescs.CD_int.arrayType(),
            ConstantDescs.CD_int, ConstantDescs.CD_int);

    private LoopEmitter() {}

    /** Emits the unpacking of the inputs that the expression reads. */
    static Map<Integer, Operand> inputs(CodeBuilder code, Expression expression, List<Layout> layouts) {
        Map<Integer, Operand> inputs = new HashMap<>();
        for (Map.Entry<Integer, DType> input : expression.inputs().entrySet()) {
            int index = input.getKey();
            inputs.put(index, new Operand(code, index, input.getValue(), layouts.get(index)));
        }
        return inputs;
    }

    /** Emits the unpacking of the outputs, one for each value of the expression, behind the inputs. */
    static List<Operand> outputs(CodeBuilder code, Expression expression, List<Layout> layouts) {
        List<Operand> outputs = new ArrayList<>();
        for (Lane root : expression.roots()) {
            outputs.add(new Operand(code, layouts.size() + outputs.size(), root.type(), Layout.UNIT));
        }
        return outputs;
    }

    /** Emits {@code body} once for each row, and the return. */
    static void rows(CodeBuilder code, Collection<Operand> inputs, List<Operand> outputs, Runnable body) {
        count(code, 0, code.parameterSlot(ROWS), 1, _ -> {
            inputs.forEach(input -> input.beginRow(code));
            body.run();
            inputs.forEach(input -> input.endRow(code));
            outputs.forEach(output -> output.endRow(code));
        });
        code.return_();
    }

    /** Emits {@code for (counter = from; counter < limit; counter += step) body} over a new counter. */
    static void count(CodeBuilder code, int from, int limit, int step, IntConsumer body) {
        int counter = code.allocateLocal(TypeKind.INT);
        code.loadConstant(from).istore(counter);
        resume(code, counter, limit, step, () -> body.accept(counter));
    }

    /** Emits {@code for (; counter < limit; counter += step) body}, in javac's form, which C2 knows best. */
    static void resume(CodeBuilder code, int counter, int limit, int step, Runnable body) {
        Label top = code.newBoundLabel();
        Label end = code.newLabel();
        code.iload(counter).iload(limit).if_icmpge(end);
        body.run();
        code.iinc(counter, step).goto_(top).labelBinding(end);
    }

    /** An instance of a new class with this body of {@link Loop#run}. */
    static Loop define(Consumer<CodeBuilder> run) {
        byte[] bytes = ClassFile.of().build(ClassDesc.of(LoopEmitter.class.getPackageName(), "EmittedLoop"),
                type -> type
                        .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                        .withInterfaceSymbols(LOOP)
                        .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, 0, code -> code
                                .aload(0)
                                .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                .return_())
                        .withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, run));
        try {
            MethodHandles.Lookup emitted = LOOKUP.defineHiddenClass(bytes, true);
            return (Loop) emitted.lookupClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("an emitted loop does not load", e);
        }
    }
}
