package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The scalar loops of a {@link MapReduceKernel}. The partial results begin as the identity and all of them are joined, which gives
 * the bits of those that elements went to: once a join has made -0 a +0, the identity changes nothing.
 */
final class MapReduceLoops {
    private final CodeBuilder code;
    private final MapReduceKernel kernel;
    private final Expression expression;
    private final DType type;
    private final Map<Integer, Operand> inputs;
    private final Optional<Operand> kept;
    private final Operand out;
    private final List<Operand> walked;
    private final int partials;
    private final int at;

    private MapReduceLoops(CodeBuilder code, MapReduceKernel kernel, List<Layout> layouts) {
        this.code = code;
        this.kernel = kernel;
        this.expression = kernel.expression();
        this.type = kernel.type();
        this.inputs = LoopEmitter.inputs(code, expression, layouts);
        int next = layouts.size();
        this.kept = kernel.kept().map(node -> new Operand(code, next, node.type(), Layout.UNIT));
        this.out = new Operand(code, kept.isPresent() ? next + 1 : next, type, Layout.SPLAT);
        this.walked = new ArrayList<>(inputs.values());
        kept.ifPresent(walked::add);
        this.partials = code.allocateLocal(TypeKind.REFERENCE);
        this.at = code.allocateLocal(TypeKind.INT);
        Partials.push(code, type);
        code.astore(partials);
    }

    /** In plain Java arithmetic. */
    static Loop scalar(MapReduceKernel kernel, List<Layout> layouts) {
        return LoopEmitter.define(code -> new MapReduceLoops(code, kernel, layouts).scalar());
    }

    private void scalar() {
        int limit = code.allocateLocal(TypeKind.INT);
        LoopEmitter.rows(code, walked, List.of(out), () -> {
            code.loadConstant(ReduceKernel.PARTIALS).istore(limit);
            LoopEmitter.count(code, 0, limit, 1, j -> {
                code.aload(partials).iload(j);
                ScalarEmitter.constant(code, type, kernel.identity().bits());
                code.arrayStore(Operand.kind(type));
            });
            LoopEmitter.count(code, 0, code.parameterSlot(LoopEmitter.COLUMNS), 1, this::element);
            for (int width = ReduceKernel.PARTIALS / 2; width > 0; width /= 2) {
                int half = width;
                code.loadConstant(half).istore(limit);
                LoopEmitter.count(code, 0, limit, 1, j -> {
                    code.aload(partials).iload(j).dup2().arrayLoad(Operand.kind(type));
                    code.aload(partials).iload(j).loadConstant(half).iadd().arrayLoad(Operand.kind(type));
                    ScalarEmitter.binary(code, kernel.op(), type);
                    code.arrayStore(Operand.kind(type));
                });
            }
            out.address(code, at);
            code.aload(partials).iconst_0().arrayLoad(Operand.kind(type)).arrayStore(Operand.kind(type));
        });
    }

    /** One element, to the partial result whose turn it is. */
    private void element(int column) {
        ScalarEmitter emitter = new ScalarEmitter(code, expression, inputs, column);
        kept.ifPresent(operand -> {
            Lane node = kernel.kept().orElseThrow();
            emitter.settle(node);
            operand.address(code, column);
            emitter.push(node);
            code.arrayStore(Operand.kind(node.type()));
        });
        code.aload(partials);
        turn(column);
        code.dup2().arrayLoad(Operand.kind(type));
        emitter.push(kernel.value());
        ScalarEmitter.binary(code, kernel.op(), type);
        code.arrayStore(Operand.kind(type));
    }

    private void turn(int column) {
        code.iload(column).loadConstant(ReduceKernel.PARTIALS - 1).iand();
    }
}
