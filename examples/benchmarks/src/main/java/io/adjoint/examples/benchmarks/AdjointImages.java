package io.adjoint.examples.benchmarks;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import io.adjoint.autodiff.function.Normalisation;
import io.adjoint.autodiff.function.Pooling;
import io.adjoint.autodiff.function.Window;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Forward passes of networks on images and other features, in this library. */
final class AdjointImages {
    private AdjointImages() {}

    static UnaryOperator<Tensor> mlp(Mlp mlp, Weights weights) {
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < mlp.layers(); layer++) {
            if (layer > 0) {
                layers.add(Activation.RELU);
            }
            layers.add(weights.linear("" + layer));
        }
        Sequential model = new Sequential(layers);
        return model::forward;
    }

    static UnaryOperator<Tensor> lenet(Weights weights) {
        Window pool = Window.square(LeNet5.POOL);
        ConvolutionOptions padded = ConvolutionOptions.DEFAULT.padding(LeNet5.PADDING);
        Layer classifier = Sequential.of(weights.linear("first"), Activation.RELU, weights.linear("second"),
                Activation.RELU, weights.linear("third"));
        return images -> {
            Tensor near = Pooling.max(convolve(weights, "near", images, padded).relu(), pool);
            Tensor far = convolve(weights, "far", near, ConvolutionOptions.DEFAULT).relu();
            return classifier.forward(Pooling.max(far, pool).flatten(1));
        };
    }

    private static Tensor convolve(Weights weights, String layer, Tensor images, ConvolutionOptions options) {
        return Convolutions.convolve(images, weights.weight(layer), weights.bias(layer), options);
    }

    static UnaryOperator<Tensor> resnet(Weights weights) {
        List<Normalised> halves = new ArrayList<>();
        for (int block = 0; block < ResNet.BLOCKS; block++) {
            halves.add(Normalised.of(weights, block + ".a"));
            halves.add(Normalised.of(weights, block + ".b"));
        }
        return images -> {
            Tensor x = convolve(weights, "stem", images, Normalised.PADDED).relu();
            for (int block = 0; block < ResNet.BLOCKS; block++) {
                Tensor y = halves.get(2 * block).forward(x).relu();
                x = x.add(halves.get(2 * block + 1).forward(y)).relu();
            }
            return weights.linear("head").forward(x.mean(2, 3));
        };
    }

    /** A convolution with batch normalisation, which keeps statistics for later use. */
    private record Normalised(Weights weights, String name, Variable mean, Variable variance) {
        static final ConvolutionOptions PADDED = ConvolutionOptions.DEFAULT.padding(ResNet.PADDING);

        static Normalised of(Weights weights, String name) {
            return new Normalised(weights, name, Variable.buffer(Tensor.zeros(ResNet.CHANNELS)),
                    Variable.buffer(Tensor.ones(ResNet.CHANNELS)));
        }

        Tensor forward(Tensor x) {
            Tensor convolved = Convolutions.convolve(x, weights.weight(name), PADDED);
            var normalised = Normalisation.batch(convolved, weights.affine(name), ResNet.EPSILON);
            move(mean, normalised.mean());
            move(variance, normalised.variance());
            return normalised.output();
        }

        private static void move(Variable running, Tensor seen) {
            running.set(Normalisation.Normalised.moved(running.value(), seen, ResNet.MOMENTUM));
        }
    }
}
