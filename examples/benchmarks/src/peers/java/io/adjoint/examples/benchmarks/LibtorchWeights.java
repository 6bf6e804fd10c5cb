package io.adjoint.examples.benchmarks;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The parameters of a network by name, and functions that take them. */
record LibtorchWeights(SequencedMap<String, Tensor> tensors, SequencedMap<String, TensorOptional> optionals) {
    static final TensorOptional NONE = new TensorOptional();

    static LibtorchWeights of(Network network) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        SequencedMap<String, TensorOptional> optionals = new LinkedHashMap<>();
        network.parameters().forEach((name, values) -> {
            Tensor tensor = LibtorchKernels.tensor(values).set_requires_grad(true);
            tensors.put(name, tensor);
            optionals.put(name, new TensorOptional(tensor));
        });
        return new LibtorchWeights(tensors, optionals);
    }

    TensorVector all() {
        return new TensorVector(tensors.values().toArray(Tensor[]::new));
    }

    Tensor value(String name) {
        return tensors.get(name);
    }

    Tensor weight(String layer) {
        return tensors.get(layer + ".weight");
    }

    /** A parameter, or none if there is none of this name. */
    TensorOptional optional(String name) {
        return optionals.getOrDefault(name, NONE);
    }

    Tensor linear(String layer, Tensor x) {
        return torch.linear(x, weight(layer), optional(layer + ".bias"));
    }

    Tensor convolve(String layer, Tensor images, long padding) {
        long[] ones = {1, 1};
        return torch.conv2d(images, weight(layer), optional(layer + ".bias"), ones, new long[] {padding, padding},
                ones, 1);
    }
}
