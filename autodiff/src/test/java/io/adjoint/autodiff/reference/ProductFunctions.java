package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Einsum;
import io.adjoint.autodiff.function.Products;

/** Products of matrices and vectors. */
final class ProductFunctions {
    private ProductFunctions() {}

    static void addTo(Functions table) {
        table.row("matmul", a -> a.tensor("input").matmul(a.tensor("other")), "input", "other");
        table.row("mm", a -> a.tensor("input").mm(a.tensor("mat2")), "input", "mat2");
        table.row("bmm", a -> a.tensor("input").bmm(a.tensor("mat2")), "input", "mat2");
        table.row("mv", a -> a.tensor("input").mv(a.tensor("vec")), "input", "vec");
        table.row("outer", a -> a.tensor("input").outer(a.tensor("vec2")), "input", "vec2");
        table.pair("kron", Tensor::kron);
        table.row("dot", a -> a.tensor("input").dot(a.tensor("tensor")), "input", "tensor");
        table.row("inner", a -> a.tensor("input").inner(a.tensor("other")), "input", "other");
        table.row("linear", a -> a.optional("bias")
                .map(bias -> Products.linear(a.tensor("input"), a.tensor("weight"), bias))
                .orElseGet(() -> Products.linear(a.tensor("input"), a.tensor("weight"))), "input", "weight", "bias");
        table.row("bilinear", a -> a.optional("bias")
                .map(bias -> Products.bilinear(a.tensor("input1"), a.tensor("input2"), a.tensor("weight"), bias))
                .orElseGet(() -> Products.bilinear(a.tensor("input1"), a.tensor("input2"), a.tensor("weight"))),
                "input1", "input2", "weight", "bias");
        added(table, "addmm", "mat1", "mat2", Tensor::addmm);
        added(table, "addmv", "mat", "vec", Tensor::addmv);
        added(table, "addr", "vec1", "vec2", Tensor::addr);
        added(table, "addbmm", "batch1", "batch2", Tensor::addbmm);
        added(table, "baddbmm", "batch1", "batch2", Tensor::baddbmm);
        table.row("einsum", a -> Einsum.einsum(a.text("equation", ""), a.tensors("operands")), "equation", "operands");
        table.row("tensordot", ProductFunctions::tensordot, "a", "b", "dims");
        table.row("cross", a -> a.has("dim") ? a.tensor("input").cross(a.tensor("other"), a.integer("dim"))
                : a.tensor("input").cross(a.tensor("other")), "input", "other", "dim");
    }

    /** {@code beta input + alpha (left right)}. */
    private interface Added {
        Tensor of(Tensor input, Tensor left, Tensor right, double beta, double alpha);
    }

    private static void added(Functions table, String name, String left, String right, Added body) {
        table.row(name, a -> body.of(a.tensor("input"), a.tensor(left), a.tensor(right), a.number("beta", 1),
                a.number("alpha", 1)), "input", left, right, "beta", "alpha");
    }

    private static Tensor tensordot(Arguments a) {
        if (!a.isList("dims")) {
            return a.tensor("a").tensordot(a.tensor("b"), a.integer("dims", 2));
        }
        int[][] pairs = a.lists("dims");
        return a.tensor("a").tensordot(a.tensor("b"), pairs[0], pairs[1]);
    }
}
