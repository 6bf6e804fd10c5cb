package io.adjoint.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Forward passes of networks on images and other features, in libtorch. */
final class LibtorchImages {
    private LibtorchImages() {}

    static Supplier<Tensor> mlp(Mlp mlp, LibtorchWeights weights) {
        Tensor features = LibtorchKernels.tensor(mlp.features());
        return () -> {
            Tensor x = features;
            for (int layer = 0; layer < mlp.layers(); layer++) {
                x = weights.linear("" + layer, layer == 0 ? x : torch.relu(x));
            }
            return x;
        };
    }

    static Supplier<Tensor> lenet(LeNet5 lenet, LibtorchWeights weights) {
        Tensor images = LibtorchKernels.tensor(lenet.images());
        long[] window = {LeNet5.POOL, LeNet5.POOL};
        return () -> {
            Tensor near = torch.max_pool2d(torch.relu(weights.convolve("near", images, LeNet5.PADDING)), window);
            Tensor far = torch.max_pool2d(torch.relu(weights.convolve("far", near, 0)), window);
            Tensor first = torch.relu(weights.linear("first", far.reshape(far.size(0), -1)));
            return weights.linear("third", torch.relu(weights.linear("second", first)));
        };
    }

    static Supplier<Tensor> resnet(ResNet resnet, LibtorchWeights weights) {
        Tensor images = LibtorchKernels.tensor(resnet.images());
        List<Normalised> halves = new ArrayList<>();
        for (int block = 0; block < ResNet.BLOCKS; block++) {
            halves.add(Normalised.of(weights, block + ".a"));
            halves.add(Normalised.of(weights, block + ".b"));
        }
        return () -> {
            Tensor x = torch.relu(weights.convolve("stem", images, ResNet.PADDING));
            for (int block = 0; block < ResNet.BLOCKS; block++) {
                Tensor y = torch.relu(halves.get(2 * block).forward(x));
                x = torch.relu(x.add(halves.get(2 * block + 1).forward(y)));
            }
            return weights.linear("head", x.mean(2, 3));
        };
    }

    /** A convolution with batch normalisation, which keeps statistics for later use. */
    private record Normalised(LibtorchWeights weights, String name, TensorOptional mean, TensorOptional variance) {
        static Normalised of(LibtorchWeights weights, String name) {
            return new Normalised(weights, name,
                    new TensorOptional(LibtorchKernels.tensor(Values.full(0, ResNet.CHANNELS))),
                    new TensorOptional(LibtorchKernels.tensor(Values.full(1, ResNet.CHANNELS))));
        }

        Tensor forward(Tensor x) {
            return torch.batch_norm(weights.convolve(name, x, ResNet.PADDING), weights.optional(name + ".scale"),
                    weights.optional(name + ".shift"), mean, variance, true, ResNet.MOMENTUM, ResNet.EPSILON, false);
        }
    }
}
