package io.adjoint.serialization.tensorboard;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.tensorboard.proto.HistogramProto;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * How many numbers of a tensor lie in which interval. The limits are TensorFlow's: 0, plus and minus 1e-12 and from there each by a
 * tenth further from 0 up to 1e20, and the largest double. They are the same for all tensors, so that histograms of different steps
 * compare. A number lies in the first bucket whose limit is above it. Buckets that are empty are left out, but for one between two
 * that are not, which keeps the second from reaching down to the first.
 */
final class Buckets {
    private static final double FIRST = 1e-12;
    private static final double LAST = 1e20;
    private static final double GROWTH = 1.1;
    private static final double[] LIMITS = limits();

    private final long[] counts = new long[LIMITS.length];
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;
    private double sumOfSquares;
    private long finite;
    private long others;

    private Buckets() {}

    private static double[] limits() {
        double[] positive =
                DoubleStream.concat(DoubleStream.iterate(FIRST, limit -> limit < LAST, limit -> limit * GROWTH),
                        DoubleStream.of(Double.MAX_VALUE)).toArray();
        return DoubleStream.concat(DoubleStream.concat(Arrays.stream(positive).map(limit -> -limit),
                DoubleStream.of(0)), Arrays.stream(positive)).sorted().toArray();
    }

    /** The elements of a tensor of any dtype; truth values are 0 and 1. */
    static Buckets of(Tensor tensor) {
        Buckets buckets = new Buckets();
        for (double value : tensor.detached().cast(DType.F64).toDoubles()) {
            buckets.add(value);
        }
        return buckets;
    }

    private void add(double value) {
        if (!Double.isFinite(value)) {
            others++;
            return;
        }
        int place = Arrays.binarySearch(LIMITS, value == 0 ? 0.0 : value); // which takes -0 for less than 0
        int bucket = place >= 0 ? place + 1 : -1 - place;
        counts[Math.min(bucket, LIMITS.length - 1)]++;
        min = Math.min(min, value);
        max = Math.max(max, value);
        sum += value;
        sumOfSquares += value * value;
        finite++;
    }

    /** Number of NaNs and infinities, which are in no bucket. */
    long others() {
        return others;
    }

    HistogramProto proto() {
        HistogramProto.Builder proto = HistogramProto.newBuilder().setNum(finite).setSum(sum)
                .setSumSquares(sumOfSquares);
        if (finite == 0) {
            return proto.addBucketLimit(Double.MAX_VALUE).addBucket(0).build();
        }
        boolean skipped = false;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                skipped = proto.getBucketCount() > 0;
                continue;
            }
            if (skipped) {
                proto.addBucketLimit(LIMITS[i - 1]).addBucket(0);
                skipped = false;
            }
            proto.addBucketLimit(LIMITS[i]).addBucket(counts[i]);
        }
        return proto.setMin(min).setMax(max).build();
    }
}
