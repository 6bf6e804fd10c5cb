package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Attention without a softmax, as a state {@code S} of [batch, heads, key size, value size] that goes along the sequence:
 *
 * <pre>{@code
 * S = exp(decay) S                                   "gated", "gated_delta"
 * S = S + k v'                                       "linear", "gated"
 * S = S + k (beta (v - S' k))'                       "delta", "gated_delta"
 * y = scale q S
 * }</pre>
 */
final class LinearAttention {
    private final Call call;
    private final Tensor query;
    private final Tensor key;
    private final Tensor value;
    private final Optional<Tensor> decay;
    private final Optional<Tensor> beta;

    private LinearAttention(Call call) {
        this.call = call;
        this.query = AttentionOperators.split(call, call.tensor(0), "q_num_heads");
        this.key = AttentionOperators.split(call, call.tensor(1), "kv_num_heads");
        this.value = AttentionOperators.split(call, call.tensor(2), "kv_num_heads");
        String rule = call.attributes().text("update_rule", "gated_delta");
        this.decay = switch (rule) {
            case "gated", "gated_delta" -> Optional.of(perHead(4, key.dim(1)));
            case "linear", "delta" -> Optional.empty();
            default -> throw call.refusal("there is no such rule").operand("update_rule", rule)
                    .expected("linear, gated, delta or gated_delta");
        };
        this.beta = rule.endsWith("delta") ? Optional.of(perHead(5, key.dim(1))) : Optional.empty();
    }

    static List<Value> compute(Call call) {
        return new LinearAttention(call).run();
    }

    /** [batch, sequence, heads * n] as [batch, heads, sequence, n]. */
    private Tensor perHead(int input, int heads) {
        Tensor x = call.tensor(input);
        if (x.rank() == 4) {
            return x;
        }
        if (x.rank() != 3 || x.dim(2) % heads != 0) {
            throw call.refusal("an input does not divide into heads").operand("input " + input, x.spec())
                    .operand("heads", heads).expected("[batch, sequence, heads * n]");
        }
        return x.reshape(x.dim(0), x.dim(1), heads, x.dim(2) / heads).permute(0, 2, 1, 3);
    }

    private List<Value> run() {
        float given = call.attributes().real("scale", 0);
        double scale = given == 0 ? 1 / Math.sqrt(key.dim(3)) : given;
        Tensor state = call.findTensor(3).orElseGet(() -> Tensor.zeros(
                key.shape().with(2, key.dim(3)).with(3, value.dim(3)), key.dtype()));
        List<Tensor> outputs = new ArrayList<>();
        for (int t = 0; t < query.dim(2); t++) {
            state = next(state, t);
            Tensor seen = AttentionOperators.shared(call, state, query.dim(1));
            outputs.add(query.slice(2, t, t + 1).matmul(seen));
        }
        Tensor all = outputs.isEmpty() ? query.mul(value.slice(3, 0, 0).sum(3).unsqueeze(3))
                : Tensor.concat(2, outputs.toArray(Tensor[]::new));
        Tensor scaled = all.mul(scale);
        return List.of(call.like(0, call.tensor(0).rank() == 3 ? AttentionOperators.join(scaled) : scaled),
                call.like(0, state));
    }

    private Tensor next(Tensor before, int t) {
        Tensor decayed = decay.map(d -> before.mul(d.slice(2, t, t + 1).transpose(2, 3).exp())).orElse(before);
        Tensor column = key.slice(2, t, t + 1).transpose(2, 3);
        Tensor row = value.slice(2, t, t + 1);
        Tensor written = beta.map(b -> row.sub(column.transpose(2, 3).matmul(decayed)).mul(b.slice(2, t, t + 1)))
                .orElse(row);
        return decayed.add(column.mul(written));
    }
}
