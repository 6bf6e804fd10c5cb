package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.BinomialCounts;
import io.adjoint.autodiff.op.Normal;
import io.adjoint.autodiff.op.PoissonCounts;
import io.adjoint.autodiff.op.RandomOp;
import io.adjoint.autodiff.op.Uniform;
import io.adjoint.serialization.onnx.operator.OwnOperators;
import java.util.List;
import java.util.stream.Stream;

/**
 * Random numbers from their key: uniform ones with the same bits as ours, and counts that are drawn until one is accepted from
 * the same uniform ones. ONNX's own random operators have a seed instead, and every program its own numbers for it.
 */
final class RandomLowering {
    private final Emitter nodes;
    private final Formulas formulas;

    RandomLowering(Emitter nodes) {
        this.nodes = nodes;
        this.formulas = new Formulas(nodes);
    }

    Term lower(RandomOp op, List<Term> inputs, TensorSpec spec) {
        if (spec.shape().size() == 0) {
            return nodes.zeros(spec);
        }
        Term key = inputs.getFirst();
        return switch (op) {
            case Uniform _ when spec.dtype() == DType.F32 -> cut(singles(words(key, spec, 4)), spec);
            case Uniform _ -> cut(doubles(words(key, spec, 2)), spec);
            case Normal _ -> cut(normal(doubles(words(key, spec, 2))), spec);
            case PoissonCounts _ -> counts(new CountDraws(new PoissonForm()), key, inputs.subList(1, 2), spec);
            case BinomialCounts _ -> counts(new CountDraws(new BinomialForm()), key, inputs.subList(1, 3), spec);
        };
    }

    /** A block for each draw, and another one for each of its attempts. */
    private Term counts(CountDraws draws, Term key, List<Term> inputs, TensorSpec spec) {
        Shape shape = spec.shape();
        List<Term> parameters = formulas.write(in -> Columns.of(in, shape), inputs);
        int size = shape.size();
        Term blocks = blocks(size, 1);
        List<Term> start = formulas.write(in -> draws.start(in.getFirst(), in.subList(1, in.size())),
                joined(List.of(doubles(words(key, blocks, size, nodes.number(0, DType.I64)))), parameters));
        int before = 2 + parameters.size();
        List<Term> end = formulas.loop(CountDraws.TURNS, start.getFirst(), start.subList(1, start.size()),
                (inside, turn, state) -> {
                    RandomLowering random = new RandomLowering(inside);
                    List<Term> drawn = List.of(turn, random.doubles(random.words(key, blocks, size, turn)));
                    return random.formulas.write(in -> draws.turn(in.get(0), in.get(1), in.subList(2, before),
                            in.subList(before, in.size())), joined(drawn, joined(parameters, state)));
                });
        return formulas.write(in -> List.of(draws.result(in.subList(1, in.size()), in.getFirst()).reshape(shape)),
                joined(List.of(end.getFirst()), parameters)).getFirst();
    }

    private static List<Term> joined(List<Term> first, List<Term> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private Term words(Term key, TensorSpec spec, int each) {
        int size = spec.shape().size();
        return words(key, blocks(size, each), Math.ceilDiv(size, each), nodes.number(0, DType.I64));
    }

    private Term words(Term key, Term blocks, int count, Term attempt) {
        return nodes.call(OwnOperators.DOMAIN, PhiloxFunction.NAME, new TensorSpec(DType.I64, Shape.of(count, 4)),
                List.of(key, blocks, attempt));
    }

    /** As many blocks of words as a count of numbers needs, which may grow with the batch. */
    private Term blocks(int size, int each) {
        Term rounded = nodes.node("Add", Formulas.NUMBER, List.of(nodes.number(size, DType.I64),
                nodes.number(each - 1, DType.I64)));
        return nodes.node("Div", Formulas.NUMBER, List.of(rounded, nodes.number(each, DType.I64)));
    }

    private Term with(String operator, Term x, double number) {
        return nodes.node(operator, x.spec(), List.of(x, nodes.number(number, x.dtype())));
    }

    /** 24 bits of each word. */
    private Term singles(Term words) {
        return with("Mul", nodes.cast(with("Div", words, 1 << 8), DType.F32), 0x1p-24);
    }

    /** 53 bits of each two words. */
    private Term doubles(Term words) {
        Term high = with("Mul", nodes.slice(words, 1, 0, 4, 2), 1 << 21);
        Term low = with("Div", nodes.slice(words, 1, 1, 4, 2), 1 << 11);
        return with("Mul", nodes.cast(nodes.node("Add", high.spec(), List.of(high, low)), DType.F64), 0x1p-53);
    }

    /** The method of Box and Muller. */
    private Term normal(Term units) {
        Term first = nodes.slice(units, 1, 0, 1, 1);
        Term rest = nodes.node("Sub", first.spec(), List.of(nodes.number(1, DType.F64), first));
        Term logs = with("Mul", nodes.node("Log", first.spec(), List.of(rest)), -2);
        Term radius = nodes.node("Sqrt", first.spec(), List.of(logs));
        Term angle = with("Mul", nodes.slice(units, 1, 1, 2, 1), 2 * Math.PI);
        // ONNX Runtime has no cosine in double precision
        Term cos = nodes.node("Sin", angle.spec(), List.of(with("Add", angle, Math.PI / 2)));
        Term sin = nodes.node("Sin", angle.spec(), List.of(angle));
        return nodes.node("Concat", units.spec(), List.of(nodes.node("Mul", angle.spec(), List.of(radius, cos)),
                nodes.node("Mul", angle.spec(), List.of(radius, sin))), Attribute.of("axis", 1));
    }

    /** Without the numbers of the last block that are too many: the same nodes also where there are none. */
    private Term cut(Term blocks, TensorSpec spec) {
        int size = spec.shape().size();
        Term all = nodes.node("Reshape", new TensorSpec(blocks.dtype(), Shape.of(blocks.shape().size())),
                List.of(blocks, nodes.integers(-1)));
        Term needed = nodes.node("Slice", new TensorSpec(blocks.dtype(), Shape.of(size)),
                List.of(all, nodes.integers(0), nodes.integers(size), nodes.integers(0)));
        return nodes.cast(nodes.reshape(needed, spec.shape()), spec.dtype());
    }
}
