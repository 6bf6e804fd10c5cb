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
 * The loops of a {@link MapReduceKernel}. The partial results begin as the identity and all of them are joined, which gives
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

    /** In Vector API calls; there must be a vector of columns or more. */
    static Loop simd(MapReduceKernel kernel, List<Layout> layouts) {
        return LoopEmitter.define(code -> new MapReduceLoops(code, kernel, layouts).simd());
    }

    private void simd() {
        int lanes = Simd.lanes(type.bytes());
        SimdLoops.Fixed fixed = new SimdLoops.Fixed(code, expression, inputs);
        PartialVectors vectors = new PartialVectors(code, kernel.op(), type, partials);
        int columns = code.parameterSlot(LoopEmitter.COLUMNS);
        int blocks = floor(columns, ReduceKernel.PARTIALS);
        int whole = floor(columns, lanes);
        int column = code.allocateLocal(TypeKind.INT);
        int[] sums = new int[ReduceKernel.PARTIALS / lanes];
        for (int u = 0; u < sums.length; u++) {
            sums[u] = code.allocateLocal(TypeKind.REFERENCE);
        }
        LoopEmitter.rows(code, walked, List.of(out), () -> {
            fixed.beginRow();
            for (int sum : sums) {
                VectorCode.broadcast(
                        code, type, () -> ScalarEmitter.constant(code, type, kernel.identity().bits()));
                code.astore(sum);
            }
            LoopEmitter.count(code, 0, blocks, ReduceKernel.PARTIALS, base -> {
                for (int u = 0; u < sums.length; u++) {
                    code.iload(base).loadConstant(u * lanes).iadd().istore(column);
                    code.aload(sums[u]);
                    VectorCode.known(code, type);
                    push(fixed, column);
                    VectorCode.binary(code, kernel.op(), type);
                    code.astore(sums[u]);
                }
            });
            for (int u = 0; u < sums.length; u++) {
                int first = u * lanes;
                code.aload(sums[u]);
                VectorCode.store(code, type, () -> code.aload(partials).loadConstant(first));
            }
            code.iload(blocks).istore(column);
            LoopEmitter.resume(code, column, whole, lanes, () -> {
                turn(column);
                code.istore(at);
                vectors.load(() -> code.iload(at));
                push(fixed, column);
                VectorCode.binary(code, kernel.op(), type);
                VectorCode.store(code, type, () -> code.aload(partials).iload(at));
            });
            LoopEmitter.resume(code, column, columns, 1, () -> element(column));
            vectors.fold();
            out.address(code, at);
            vectors.pushFolded();
            code.arrayStore(Operand.kind(type));
        });
    }

    /** A new local variable with the multiple of a power of two below the number in another. */
    private int floor(int number, int power) {
        int floor = code.allocateLocal(TypeKind.INT);
        code.iload(number).loadConstant(-power).iand().istore(floor);
        return floor;
    }

    /** Pushes the vector of values from a column on, and stores what is kept. */
    private void push(SimdLoops.Fixed fixed, int column) {
        VectorEmitter emitter = new VectorEmitter(code, expression, inputs, fixed.locals(), column);
        kept.ifPresent(operand -> {
            Lane node = kernel.kept().orElseThrow();
            emitter.settle(node);
            emitter.push(node);
            VectorCode.store(code, node.type(), () -> operand.address(code, column));
        });
        emitter.push(kernel.value());
    }
}
