package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.MaxPlaceKernel;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;
import java.util.Optional;

/** Operations that find where the greatest element of each window is, as its row-major number in the plane of the innermost axes. */
public sealed interface WindowMaxima extends Windowed, Yielding permits MaxPlaces, AdaptiveMaxPlaces {
    /** How many there are along each of the innermost axes. */
    List<Integer> windows();

    /** What they see along one of these axes, counted from the first. */
    @SuppressWarnings("exports")
    MaxPlaceKernel.Spans spans(int axis, int extent);

    private MaxPlaceKernel.Spans[] spans(Shape x) {
        MaxPlaceKernel.Spans[] spans = new MaxPlaceKernel.Spans[windows().size()];
        for (int axis = 0; axis < spans.length; axis++) {
            spans[axis] = spans(axis, x.dim(axis - spans.length));
        }
        return spans;
    }

    @Override
    @SuppressWarnings("exports")
    default Launch prepare(List<Array> inputs, Array out) {
        return MaxPlaceKernel.prepare(inputs.getFirst(), spans(inputs.getFirst().shape()), out);
    }

    /** The elements at the places, which are gathered through views. */
    @Override
    default List<Call> yields(List<TensorSpec> inputs) {
        return List.of();
    }

    /**
     * Places in planes that are contiguous, with the elements there, as gathering gives them.
     */
    @Override
    @SuppressWarnings("exports")
    default Launch prepareYielding(List<Array> inputs, List<Optional<Array>> given, Array places,
            List<Optional<Array>> values) {
        Array x = inputs.getFirst();
        return MaxPlaceKernel.prepare(x, spans(x.shape()), places, values.getFirst().orElseThrow());
    }
}
