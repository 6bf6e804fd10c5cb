package io.adjoint.nn.norm;

import io.adjoint.autodiff.DType;
import java.util.Optional;

/** Whether a layer gathers statistics while it trains: {@code track_running_stats} in PyTorch. */
public enum Tracking {
    /** It does, and uses them outside training. */
    RUNNING,
    /** It does not, and uses those of its input always. */
    NONE;

    Optional<RunningStatistics> statistics(int channels, DType dtype) {
        return switch (this) {
            case RUNNING -> Optional.of(RunningStatistics.of(channels, dtype));
            case NONE -> Optional.empty();
        };
    }
}
