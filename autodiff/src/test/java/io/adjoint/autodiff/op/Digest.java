package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prints one line for each operation: its name and a hash of the bits of its results and gradients on small and on large
 * samples, and one for products with factors that programs keep packed. Two virtual machines that print the same lines compute the
 * same bits.
 */
final class Digest {
    private Digest() {}

    public static void main(String[] args) {
        for (Catalogue.Entry entry : Catalogue.entries()) {
            long hash = 0;
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                for (int seed = 0; seed < 10; seed++) {
                    hash = 31 * hash + hash(entry.sample(new Sampler(seed, dtype)));
                }
            }
            hash = 31 * hash + hash(entry.sample(Sampler.large(0, DType.F32)));
            print(entry.id(), hash);
        }
        print("KEPT", keptFactors());
    }

    private static void print(String name, long hash) {
        System.out.println(name + " " + Long.toHexString(hash));
    }

    /** Of products in programs: so deep that factors are packed in parts, with few rows and with many, which read them in other orders. */
    private static long keptFactors() {
        long hash = 0;
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            Rng rng = Rng.seed(1);
            Variable weight = Variable.buffer(rng.normal(Shape.of(1100, 70), dtype));
            Program program = Program.compile((Tensor x) -> x.matmul(weight.value()));
            for (int rows : new int[] {64, 100}) {
                hash = 31 * hash + hash(program.apply(rng.normal(Shape.of(rows, 1100), dtype)));
            }
        }
        return hash;
    }

    private static long hash(Sample sample) {
        List<Tensor> inputs = sample.inputs().stream().map(x -> x.dtype().isFloat() ? x.tracked() : x).toList();
        Tensor result = sample.apply(inputs);
        List<Tensor> results = new ArrayList<>(List.of(result.detached()));
        if (result.isTracked()) {
            Tensor[] leaves = inputs.stream().filter(Tensor::isTracked).toArray(Tensor[]::new);
            results.addAll(result.mul(result).sum().gradients(leaves).values());
        }
        long hash = 0;
        for (Tensor each : results) {
            hash = 31 * hash + hash(each);
        }
        return hash;
    }

    /** Of shape and bits; all NaNs count as one. */
    private static int hash(Tensor x) {
        return 31 * x.spec().toString().hashCode() + switch (x.dtype()) {
            case BOOL -> Arrays.hashCode(x.toBooleans());
            case I32 -> Arrays.hashCode(x.toInts());
            case I64 -> Arrays.hashCode(x.toLongs());
            case F32 -> Arrays.hashCode(x.toFloats());
            case F64 -> Arrays.hashCode(x.toDoubles());
        };
    }
}
