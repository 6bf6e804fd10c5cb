package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Contraction;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.MatMul.Side;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Matrix products: Gemm where a factor of two float matrices is transposed, else MatMul; for doubles Gemm, else Einsum. */
final class ProductLowering {
    private final Emitter nodes;

    ProductLowering(Emitter nodes) {
        this.nodes = nodes;
    }

    Term lower(Contraction op, List<Term> inputs, TensorSpec spec) {
        return switch (op) {
            case MatMul(Side left, Side right) -> {
                boolean isPlain = left == Side.PLAIN && right == Side.PLAIN && spec.dtype() != DType.F64;
                yield isPlain || !fitsGemm(inputs) ? product(left, right, inputs, spec)
                        : nodes.node("Gemm", spec, inputs, sides(left, right));
            }
        };
    }

    /** The base with a product added. */
    Term added(Term base, Side left, Side right, List<Term> factors) {
        return fitsGemm(factors)
                ? nodes.node("Gemm", base.spec(), List.of(factors.getFirst(), factors.getLast(), base),
                        sides(left, right))
                : nodes.node("Add", base.spec(), List.of(base, product(left, right, factors, base.spec())));
    }

    /** ONNX Runtime makes one operator of a product and of transposes somewhere before it, and fails if they are of doubles. */
    private Term product(Side left, Side right, List<Term> inputs, TensorSpec spec) {
        if (spec.dtype() == DType.F64) {
            String equation = axes("ij", left) + "," + axes("jk", right) + "->...ik";
            return nodes.node("Einsum", spec, inputs, Attribute.of("equation", equation));
        }
        return nodes.node("MatMul", spec, List.of(side(left, inputs.getFirst()), side(right, inputs.getLast())));
    }

    private static String axes(String plain, Side side) {
        return "..." + (side == Side.PLAIN ? plain : new StringBuilder(plain).reverse());
    }

    private static boolean fitsGemm(List<Term> factors) {
        return factors.stream().allMatch(factor -> factor.rank() == 2 && factor.dtype().isFloat());
    }

    private static AttributeProto[] sides(Side left, Side right) {
        return new AttributeProto[] {Attribute.of("transA", left == Side.TRANSPOSED ? 1 : 0),
            Attribute.of("transB", right == Side.TRANSPOSED ? 1 : 0)};
    }

    private Term side(Side side, Term x) {
        if (side == Side.PLAIN) {
            return x;
        }
        List<Integer> order = new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
        order.add(order.remove(x.rank() - 2));
        return nodes.transpose(x, order);
    }
}
