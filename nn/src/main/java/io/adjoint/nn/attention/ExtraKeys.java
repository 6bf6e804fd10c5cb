package io.adjoint.nn.attention;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keys and values that stand behind those of every sequence, for queries that find nothing else: a learned one (PyTorch's {@code
 * bias_k} and {@code bias_v}), and zeros.
 *
 * @param key the learned key, {@code [1, 1, width of keys]}
 * @param value its value, {@code [1, 1, width of keys]}; there if the key is
 * @param zeros how many keys and values of zeros follow
 */
public record ExtraKeys(Optional<Variable> key, Optional<Variable> value, int zeros) {
    /** None. */
    public static final ExtraKeys NONE = new ExtraKeys(Optional.empty(), Optional.empty(), 0);

    public ExtraKeys {
        if (key.isPresent() != value.isPresent() || zeros < 0) {
            throw ShapeException.of("attention", "not extra keys").operand("bias_k", key).operand("bias_v", value)
                    .operand("zeros", zeros).expected("a learned key with its value, or neither; zeros of 0 or more");
        }
    }

    /** How many there are. */
    public int count() {
        return (key.isPresent() ? 1 : 0) + zeros;
    }

    void require(int width) {
        Shape expected = Shape.of(1, 1, width);
        key.ifPresent(k -> require("bias_k", k, expected));
        value.ifPresent(v -> require("bias_v", v, expected));
    }

    private static void require(String name, Variable variable, Shape expected) {
        if (!variable.spec().shape().equals(expected)) {
            throw ShapeException.of("attention", "the extra key does not fit").operand(name, variable.spec().shape())
                    .expected(expected.toString());
        }
    }

    /** Keys {@code [batch, heads, keys, width]} with those that are extra. */
    Tensor behindKeys(Tensor keys) {
        return behind(keys, key);
    }

    /** Values {@code [batch, heads, keys, width]} with those that are extra. */
    Tensor behindValues(Tensor values) {
        return behind(values, value);
    }

    private Tensor behind(Tensor heads, Optional<Variable> learned) {
        if (count() == 0) {
            return heads;
        }
        List<Tensor> all = new ArrayList<>(List.of(heads));
        Shape one = heads.shape().with(2, 1);
        learned.ifPresent(v -> all.add(v.value().reshape(Shape.of(1, one.dim(1), 1, one.dim(3))).expand(one)));
        if (zeros > 0) {
            all.add(Tensor.zeros(heads.shape().with(2, zeros), heads.dtype()));
        }
        return Tensor.concat(2, all.toArray(Tensor[]::new));
    }
}
