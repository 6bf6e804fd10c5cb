package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Work that is done in the plain way until the SIMD code for it is compiled. Either way is bound to its memory when it is needed
 * for the first time.
 */
final class TieredLaunch implements Launch {
    private final BooleanSupplier serves;
    private final Supplier<Launch> simd;
    private Launch current;
    private boolean isSimd;

    /**
     * The work.
     *
     * @param serves whether SIMD code is to do it from now on
     */
    TieredLaunch(BooleanSupplier serves, Supplier<Launch> plain, Supplier<Launch> simd) {
        this.serves = serves;
        this.simd = simd;
        this.current = () -> {
            current = plain.get();
            current.run();
        };
    }

    @Override
    public void run() {
        if (!isSimd && serves.getAsBoolean()) {
            isSimd = true;
            current = simd.get();
        }
        current.run();
    }
}
