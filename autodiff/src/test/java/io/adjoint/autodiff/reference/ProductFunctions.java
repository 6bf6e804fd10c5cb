package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Einsum;
import io.adjoint.autodiff.function.Products;
import java.util.Optional;

/** Products of matrices and vectors. */
final class ProductFunctions {
    private ProductFunctions() {}

    static void addTo(Functions table) {
        table.row("matmul", a -> a.tensor("input").matmul(a.tensor("other")), "input", "other");
        table.row("mm", a -> a.tensor("input").mm(a.tensor("mat2")), "input", "mat2");
        table.row("bmm", a -> a.tensor("input").bmm(a.tensor("mat2")), "input", "mat2");
        table.row("dot", a -> a.tensor("input").dot(a.tensor("tensor")), "input", "tensor");
        table.row("inner", a -> a.tensor("input").inner(a.tensor("other")), "input", "other");
        table.row("linear", a -> a.optional("bias")
                .map(bias -> Products.linear(a.tensor("input"), a.tensor("weight"), bias))
                .orElseGet(() -> Products.linear(a.tensor("input"), a.tensor("weight"))), "input", "weight", "bias");
        table.row("bilinear", a -> a.optional("bias")
                .map(bias -> Products.bilinear(a.tensor("input1"), a.tensor("input2"), a.tensor("weight"), bias))
                .orElseGet(() -> Products.bilinear(a.tensor("input1"), a.tensor("input2"), a.tensor("weight"))),
                "input1", "input2", "weight", "bias");
        table.row("addmm", a -> a.tensor("input").addmm(a.tensor("mat1"), a.tensor("mat2"), a.number("beta", 1),
                a.number("alpha", 1)), "input", "mat1", "mat2", "beta", "alpha");
        table.row("baddbmm", a -> a.tensor("input").baddbmm(a.tensor("batch1"), a.tensor("batch2"),
                a.number("beta", 1), a.number("alpha", 1)), "input", "batch1", "batch2", "beta", "alpha");
        table.row("einsum", a -> Einsum.einsum(a.text("equation", ""), a.tensors("operands")), "equation", "operands");
        table.row("tensordot", ProductFunctions::tensordot, "a", "b", "dims");
        table.row("cross", a -> a.has("dim") ? a.tensor("input").cross(a.tensor("other"), a.integer("dim"))
                : a.tensor("input").cross(a.tensor("other")), "input", "other", "dim");
    }

    private static Tensor tensordot(Arguments a) {
        if (!a.isList("dims")) {
            return a.tensor("a").tensordot(a.tensor("b"), a.integer("dims", 2));
        }
        int[][] pairs = a.lists("dims");
        return a.tensor("a").tensordot(a.tensor("b"), pairs[0], pairs[1]);
    }
}
