package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations that compute each element of the result from the elements of the inputs at the same position. Inputs
 * broadcast against each other; {@link #apply} casts them to one dtype first, by the order of {@link DType}.
 */
public sealed interface Elementwise extends Op
        permits Unary, Binary, Comparison, Where, Cast, Polygamma, BesselI, SincDerivative,
        IncompleteGamma, GammaSlope, LogGammaQuantile, IncompleteBeta {
    /** The dtype in which inputs of these dtypes are taken, one for each input. */
    List<DType> inputTypes(List<DType> given);

    /** The numerics: the element of the result, from one expression for each input. */
    @SuppressWarnings("exports") // the algebra is the module's own; passes and kernels read it
    Lane numerics(List<Lane> inputs);

    @Override
    default TensorSpec infer(List<TensorSpec> inputs) {
        List<DType> types = new ArrayList<>(inputs.size());
        Shape shape = inputs.getFirst().shape();
        for (TensorSpec input : inputs) {
            types.add(input.dtype());
            shape = Shape.broadcast(id(), shape, input.shape());
        }
        return new TensorSpec(ElementwiseLoops.of(this, inputTypes(types)).type(), shape);
    }

    @Override
    default Tensor compute(List<Tensor> inputs) {
        List<DType> types = new ArrayList<>(inputs.size());
        Shape shape = inputs.getFirst().shape();
        for (Tensor input : inputs) {
            types.add(input.dtype());
            shape = Shape.broadcast(id(), shape, input.shape());
        }
        ElementwiseLoops.Typed kernel = ElementwiseLoops.of(this, types);
        Array[] arrays = new Array[inputs.size()];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = Internals.array(inputs.get(i)).broadcastTo(shape);
        }
        Array out = Array.uninitialized(kernel.type(), shape);
        kernel.loop().run(arrays, out);
        return Internals.tensor(out);
    }

    @Override
    default Tensor apply(Tensor... inputs) {
        arity().require(id(), inputs.length);
        List<DType> types = new ArrayList<>(inputs.length);
        for (Tensor input : inputs) {
            types.add(input.dtype());
        }
        List<DType> wanted = inputTypes(types);
        Tensor[] cast = inputs.clone();
        for (int i = 0; i < cast.length; i++) {
            cast[i] = inputs[i].cast(wanted.get(i));
        }
        return Op.super.apply(cast);
    }
}
