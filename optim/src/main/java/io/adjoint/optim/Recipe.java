package io.adjoint.optim;

import io.adjoint.autodiff.TensorSpec;
import java.util.SequencedMap;

/** A named optimizer: a chain of transformations, ready made. */
public interface Recipe extends Transformation {
    /** The transformations that this consists of. */
    Chain chain();

    @Override
    default Stage bind(SequencedMap<String, TensorSpec> parameters) {
        return chain().bind(parameters);
    }
}
