package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.kernel.ScanKernel;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneFunctions;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What scans do from one place to the next, and the way to the kernels. */
enum ScanSteps {
    /** {@code before + x}. */
    SUM(type -> Lane.input(0, type).add(Lane.input(1, type)), DType.I32, DType.I64, DType.F32, DType.F64),
    /** {@code ln (e^before + e^x)}. */
    LOG_SUM_EXP(type -> LaneFunctions.logaddexp(Lane.input(0, type), Lane.input(1, type)), DType.F32, DType.F64),
    /** {@code a before + b}, both rounded. */
    LINEAR(type -> Lane.input(1, type).mul(Lane.input(0, type)).add(Lane.input(2, type)), DType.I32, DType.I64,
            DType.F32, DType.F64);

    private final Map<DType, ScanKernel> kernels = new EnumMap<>(DType.class);

    ScanSteps(Function<DType, Lane> step, DType... types) {
        for (DType type : types) {
            kernels.put(type, ScanKernel.of(step.apply(type)));
        }
    }

    /** Scans inputs of one shape along an axis. */
    Launch prepare(List<Array> inputs, int axis, Array out) {
        return kernels.get(out.dtype()).prepare(inputs.toArray(Array[]::new), axis, out);
    }
}
