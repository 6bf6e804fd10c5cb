package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Einsum;
import io.adjoint.autodiff.function.Linalg;
import io.adjoint.serialization.onnx.graph.Call;

/** Products of vectors and matrices. */
final class ProductOperators {
    private ProductOperators() {}

    static void addTo(OperatorTable table) {
        table.tensor("MatMul", call -> call.tensor(0).matmul(call.tensor(1)));
        table.tensor("Gemm", ProductOperators::gemm);
        table.tensor("Einsum", call -> Einsum.einsum(call.attributes().text("equation", ""),
                call.tensorsFrom(0).toArray(Tensor[]::new)));
        table.tensor("Det", call -> Linalg.det(call.tensor(0)));
    }

    /** {@code alpha a b + beta c} of matrices, each as it is or transposed; c stretches to the product. */
    private static Tensor gemm(Call call) {
        Tensor a = matrix(call, 0, "transA");
        Tensor b = matrix(call, 1, "transB");
        Tensor product = scaled(a.matmul(b), call.attributes().real("alpha", 1));
        float beta = call.attributes().real("beta", 1);
        if (!call.has(2) || beta == 0) {
            return product;
        }
        Tensor sum = product.add(scaled(call.tensor(2), beta));
        if (!sum.shape().equals(product.shape())) {
            throw call.refusal("the third input does not stretch to the product").operand("c", call.tensor(2).shape())
                    .expected(product.shape().toString());
        }
        return sum;
    }

    private static Tensor matrix(Call call, int input, String transposed) {
        Tensor x = call.tensor(input);
        if (x.rank() != 2) {
            throw call.refusal("not a matrix").operand("input " + input, x.shape()).expected("rank 2");
        }
        return call.attributes().flag(transposed) ? x.transpose() : x;
    }

    private static Tensor scaled(Tensor x, float factor) {
        return factor == 1 ? x : x.mul(factor);
    }
}
