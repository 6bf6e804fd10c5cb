package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.Optional;
import java.util.stream.Stream;

/** Products of matrices and vectors. */
final class ProductFunctions {
    private ProductFunctions() {}

    static void addTo(Functions table) {
        table.row("matmul", a -> a.tensor("input").matmul(a.tensor("other")), "input", "other");
        table.row("mm", a -> a.tensor("input").matmul(a.tensor("mat2")), "input", "mat2");
        table.row("bmm", a -> a.tensor("input").matmul(a.tensor("mat2")), "input", "mat2");
        table.row("dot", a -> a.tensor("input").matmul(a.tensor("tensor")), "input", "tensor");
        table.row("linalg.multi_dot", a -> Stream.of(a.tensors("tensors")).reduce(Tensor::matmul).orElseThrow(),
                "tensors");
        table.row("inner", a -> a.tensor("input").matmul(a.tensor("other")), "input", "other");
        table.onlyIf("inner", a -> a.tensor("input").rank() == 1 && a.tensor("other").rank() == 1);
        table.row("linear", a -> {
            Tensor product = a.tensor("input").matmul(a.tensor("weight").transpose());
            return a.optional("bias").map(product::add).orElse(product);
        }, "input", "weight", "bias");
        table.onlyIf("linear", a -> a.tensor("weight").rank() == 2);
        table.row("addmm", a -> sum(a, a.tensor("mat1").matmul(a.tensor("mat2"))),
                "input", "mat1", "mat2", "beta", "alpha");
        table.row("baddbmm", a -> sum(a, a.tensor("batch1").matmul(a.tensor("batch2"))),
                "input", "batch1", "batch2", "beta", "alpha");
        table.row("scaled_dot_product_attention", ProductFunctions::attention,
                "query", "key", "value", "attn_mask", "is_causal", "scale");
    }

    private static Tensor sum(Arguments a, Tensor product) {
        return a.tensor("input").mul(a.number("beta", 1)).add(product.mul(a.number("alpha", 1)));
    }

    private static Tensor attention(Arguments a) {
        Tensor query = a.tensor("query");
        Tensor scores = query.matmul(a.tensor("key").transpose())
                .mul(a.number("scale", 1 / Math.sqrt(query.dim(-1))));
        Optional<Tensor> mask = a.optional("attn_mask");
        if (a.flag("is_causal", false)) {
            mask = Optional.of(Tensor.range(scores.dim(-2)).unsqueeze(1).ge(Tensor.range(scores.dim(-1))));
        }
        if (mask.isPresent()) {
            scores = mask.get().dtype() == DType.BOOL
                    ? mask.get().where(scores, Double.NEGATIVE_INFINITY)
                    : scores.add(mask.get());
        }
        return scores.softmax(-1).matmul(a.tensor("value"));
    }
}
