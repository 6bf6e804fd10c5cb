package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Index;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Block;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Attention and what goes with it. */
final class AttentionOperators {
    private AttentionOperators() {}

    static void addTo(OperatorTable table) {
        table.values("Attention", AttentionOperators::attention);
        table.value("ai.onnx.preview.FlexAttention", AttentionOperators::flexible);
        table.tensor("RotaryEmbedding", AttentionOperators::rotary);
        table.values("LinearAttention", LinearAttention::compute);
    }

    // ---- heads

    /** [batch, sequence, heads * size] as [batch, heads, sequence, size]; of rank 4 already the same. */
    static Tensor split(Call call, Tensor x, String headsAttribute) {
        if (x.rank() == 4) {
            return x;
        }
        int heads = call.attributes().integer(headsAttribute, 0);
        if (x.rank() != 3 || heads <= 0 || x.dim(2) % heads != 0) {
            throw call.refusal("the last axis does not divide into heads").operand("input", x.spec())
                    .operand(headsAttribute, heads).expected("[batch, sequence, heads * size], or rank 4");
        }
        return x.reshape(x.dim(0), x.dim(1), heads, x.dim(2) / heads).permute(0, 2, 1, 3);
    }

    /** Back to [batch, sequence, heads * size]. */
    static Tensor join(Tensor x) {
        return x.permute(0, 2, 1, 3).reshape(x.dim(0), x.dim(2), x.dim(1) * x.dim(3));
    }

    /** Each head as often as groups of queries share it. */
    static Tensor shared(Call call, Tensor x, int heads) {
        int own = x.dim(1);
        if (own == heads) {
            return x;
        }
        if (own == 0 || heads % own != 0) {
            throw call.refusal("heads of keys and values do not divide those of queries").operand("query heads", heads)
                    .operand("key heads", own).expected("a multiple of " + own + " heads");
        }
        return x.unsqueeze(2).expand(x.dim(0), own, heads / own, x.dim(2), x.dim(3))
                .reshape(x.dim(0), heads, x.dim(2), x.dim(3));
    }

    /** query * key', each scaled by the root of the scale, so that half precision does not overflow. */
    private static Tensor scores(Call call, Tensor query, Tensor key) {
        double scale = call.attributes().realIfGiven("scale").map(Float::doubleValue)
                .orElse(1 / Math.sqrt(query.dim(3)));
        double root = Math.sqrt(scale);
        return query.mul(root).matmul(key.mul(root).transpose(2, 3));
    }

    // ---- Attention

    private static List<Value> attention(Call call) {
        Tensor query = split(call, call.tensor(0), "q_num_heads");
        Tensor key = withPast(call, 4, split(call, call.tensor(1), "kv_num_heads"));
        Tensor value = withPast(call, 5, split(call, call.tensor(2), "kv_num_heads"));
        int heads = query.dim(1);
        Tensor raw = scores(call, query, shared(call, key, heads));
        float cap = call.attributes().real("softcap", 0);
        Tensor capped = cap > 0 ? raw.div(cap).tanh().mul(cap) : raw;
        Optional<Tensor> bias = bias(call, query, key);
        Optional<Tensor> blind = bias.map(b -> b.max(-1).unsqueeze(-1).eq(Double.NEGATIVE_INFINITY));
        // A row that sees nothing has weights of 0; its softmax is kept finite for the sake of the gradients.
        Tensor biased = bias.map(b -> capped.add(b)).orElse(capped);
        Tensor finite = bias.map(b -> capped.add(b.maskedFill(blind.orElseThrow(), 0))).orElse(capped);
        DType precision = precision(call).carrier();
        Tensor softmax = finite.cast(precision).softmax(-1).cast(raw.dtype());
        Tensor weights = blind.map(rows -> softmax.maskedFill(rows, 0)).orElse(softmax);
        Tensor mixed = weights.matmul(shared(call, value, heads));
        Tensor scores = switch (call.attributes().integer("qk_matmul_output_mode", 0)) {
            case 0 -> raw;
            case 1 -> capped;
            case 2 -> biased;
            default -> weights;
        };
        return List.of(call.like(0, call.tensor(0).rank() == 3 ? join(mixed) : mixed), call.like(1, key),
                call.like(2, value), call.like(0, scores));
    }

    private static Tensor withPast(Call call, int past, Tensor present) {
        return call.findTensor(past).map(before -> Tensor.concat(2, before, present)).orElse(present);
    }

    private static ElementType precision(Call call) {
        return call.attributes().wholeIfGiven("softmax_precision")
                .map(number -> ElementType.of(number.intValue()).filter(ElementType::isFloat)
                        .orElseThrow(() -> call.refusal("the precision is no float type")
                                .operand("softmax_precision", number).expected("float, double or a half type")))
                .orElse(call.type(0) == ElementType.DOUBLE ? ElementType.DOUBLE : ElementType.FLOAT);
    }

    /** What is added to the scores: 0 where a query sees a key, minus infinity where it does not, or the mask's numbers. */
    private static Optional<Tensor> bias(Call call, Tensor query, Tensor key) {
        int keys = key.dim(2);
        DType dtype = query.dtype();
        List<Tensor> parts = new ArrayList<>();
        call.findTensor(3).ifPresent(mask -> parts.add(padded(mask.dtype() == DType.BOOL ? mask.where(
                Tensor.scalar(0, dtype), Tensor.scalar(Double.NEGATIVE_INFINITY, dtype)) : mask, keys)));
        Tensor columns = Tensor.range(keys);
        Optional<Tensor> known = call.findTensor(6).map(lengths -> lengths.cast(DType.I64).reshape(-1, 1, 1, 1));
        if (call.attributes().flag("is_causal")) {
            Tensor past = known.map(lengths -> lengths.sub(query.dim(2))).orElse(
                    Tensor.scalar(call.findTensor(4).map(before -> before.dim(2)).orElse(0), DType.I64));
            Tensor rows = Tensor.range(query.dim(2)).unsqueeze(1).add(past);
            parts.add(hidden(rows.lt(columns), dtype));
        }
        known.ifPresent(lengths -> parts.add(hidden(columns.ge(lengths), dtype)));
        return parts.stream().reduce(Tensor::add);
    }

    private static Tensor hidden(Tensor where, DType dtype) {
        return where.where(Tensor.scalar(Double.NEGATIVE_INFINITY, dtype), Tensor.scalar(0, dtype));
    }

    /** A mask may be shorter than the keys: the rest is hidden. */
    private static Tensor padded(Tensor mask, int keys) {
        int missing = keys - mask.dim(-1);
        return missing > 0 && mask.dim(-1) > 1 ? mask.pad(-1, 0, missing, Double.NEGATIVE_INFINITY) : mask;
    }

    // ---- FlexAttention

    private static Value flexible(Call call) {
        Tensor query = call.tensor(0);
        ElementType precision = precision(call);
        int heads = query.dim(1);
        Tensor scores = scores(call, query, shared(call, call.tensor(1), heads)).cast(precision.carrier());
        Tensor changed = modified(call, "score_mod", precision, scores);
        Tensor weights = modified(call, "prob_mod", precision, changed.softmax(-1));
        Tensor value = shared(call, call.tensor(2), heads).cast(precision.carrier());
        return call.like(0, weights.matmul(value).cast(query.dtype()));
    }

    private static Tensor modified(Call call, String attribute, ElementType type, Tensor x) {
        Optional<Block> body = call.attributes().body(attribute);
        return body.map(block -> call.run(block, List.of(Value.narrowed(type, x))).getFirst().tensor()).orElse(x);
    }

    // ---- RotaryEmbedding

    private static Tensor rotary(Call call) {
        Tensor x = call.tensor(0);
        Tensor heads = split(call, x, "num_heads");
        int size = heads.dim(3);
        int turned = call.attributes().integer("rotary_embedding_dim", 0);
        int rotated = turned == 0 ? size : turned;
        if (rotated > size || rotated % 2 != 0) {
            throw call.refusal("there are no such pairs to rotate").operand("rotary_embedding_dim", rotated)
                    .operand("head size", size).expected("an even number of at most " + size);
        }
        Tensor cos = angles(call, 1, rotated / 2);
        Tensor sin = angles(call, 2, rotated / 2);
        Tensor turning = heads.slice(3, 0, rotated);
        boolean isInterleaved = call.attributes().flag("interleaved");
        Tensor first = isInterleaved ? turning.slice(3, 0, rotated, 2) : turning.slice(3, 0, rotated / 2);
        Tensor second = isInterleaved ? turning.slice(3, 1, rotated, 2) : turning.slice(3, rotated / 2, rotated);
        Tensor real = cos.mul(first).sub(sin.mul(second));
        Tensor imaginary = sin.mul(first).add(cos.mul(second));
        Tensor both = isInterleaved
                ? Tensor.concat(4, real.unsqueeze(4), imaginary.unsqueeze(4)).reshape(turning.shape())
                : Tensor.concat(3, real, imaginary);
        Tensor all = rotated == size ? both : Tensor.concat(3, both, heads.slice(3, rotated, size));
        return x.rank() == 3 ? join(all) : all;
    }

    /** Cosines or sines for each place, as [batch, 1, sequence, pairs]. */
    private static Tensor angles(Call call, int input, int pairs) {
        Tensor cache = call.tensor(input);
        Tensor placed = call.findTensor(3).map(places -> cache.get(Index.of(places)))
                .orElse(cache);
        if (placed.rank() != 3 || placed.dim(2) < pairs) {
            throw ShapeException.of(call.operator(), "the angles do not fit").operand("cache", cache.spec())
                    .expected("[places, " + pairs + "] with position_ids, or [batch, sequence, " + pairs + "]");
        }
        return placed.slice(2, 0, pairs).unsqueeze(1);
    }
}
