package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Convolution and its gradients as products of matrices with the patches of one image, or of a part of it, at a time.
 * How an image is cut depends on the shapes only, so it shows in no bits from run to run.
 */
final class PatchConvolution {
    /** Most elements of a matrix of patches: most images are one then. */
    private static final long PANEL = 1 << 19;

    /** Shares of the images, each with patches of its own: enough for a thread that is held back to leave some to others. */
    private static final int SHARES_PER_THREAD = 2;

    private final Sliding sliding;
    private final int groups;
    private final Array images;
    private final Array weight;
    private final int batch;
    /** Parts of an image's windows. */
    private final List<Box> boxes;

    /**
     * A convolution between these arrays, whichever of them is to be computed.
     *
     * @param images {@code [n, channels, extents...]}
     * @param weight {@code [filters, channels / groups, taps...]}
     * @param windows {@code [n, filters, windows...]}
     */
    PatchConvolution(Sliding sliding, int groups, Array images, Array weight, Array windows) {
        this.sliding = sliding;
        this.groups = groups;
        this.images = images;
        this.weight = weight;
        this.batch = images.shape().dim(0);
        long taps = weight.size() / ((long) weight.shape().dim(0) * weight.shape().dim(1));
        this.boxes = Box.cover(spatial(windows), PANEL / (images.shape().dim(1) * taps));
    }

    /** Numbers of the windows where sums by the weight begin, and the number of all windows. */
    int[] boxNumbers() {
        int[] numbers = new int[boxes.size() + 1];
        for (int b = 0; b < boxes.size(); b++) {
            numbers[b + 1] = numbers[b] + boxes.get(b).size();
        }
        return numbers;
    }

    /** As {@link ConvolutionKernel#forward}. */
    Launch forward(Array out) {
        Copies.Staged filters = Copies.copied(firstTapsFirst(weight, 1));
        Array rows = rows(filters.array());
        return Launch.all(filters.load(), inShares((from, to) -> {
            Array room = room();
            List<Launch> steps = new ArrayList<>();
            for (Box box : boxes) {
                Array patches = patches(room, box);
                Moves.Copy[] gather = gatherFirstTapsFirst(patches, box);
                for (int n = from; n < to; n++) {
                    steps.add(gathering(gather, n, patches));
                    multiply(rows, matrices(patches, box), ConvolutionKernel.at(out, n), box, steps);
                }
            }
            return steps;
        }));
    }

    /** Filters times patches, into the part of an image's windows that the box is. */
    private void multiply(Array rows, Array patches, Array windows, Box box, List<Launch> steps) {
        if (boxes.size() == 1) {
            steps.add(MatMulKernel.prepare(rows, patches, grouped(windows)));
            return;
        }
        Array part = box.of(windows);
        Array product = Array.resident(windows.dtype(), Shape.of(groups, rows.shape().dim(1), box.size()));
        steps.add(MatMulKernel.prepare(rows, patches, product));
        steps.add(Moves.prepare(reshaped(product, part.shape()), part));
    }

    /** As {@link ConvolutionKernel#byImages} where windows do not overlap. */
    Launch byImages(Array cotangent) {
        Copies.Staged filters = Copies.staged(weight);
        Copies.Staged given = Copies.staged(cotangent);
        Array columns = rows(filters.array()).permute(0, 2, 1);
        return Launch.all(filters.load(), given.load(), () -> Moves.fill(images, 0), inShares((from, to) -> {
            Array room = room();
            List<Launch> steps = new ArrayList<>();
            for (Box box : boxes) {
                Array patches = patches(room, box);
                Moves.Copy[] scatter = PatchKernel.scatter(patches, ConvolutionKernel.at(images, 0), sliding, box);
                for (int n = from; n < to; n++) {
                    int shift = n * images.stride(0);
                    steps.add(MatMulKernel.prepare(columns, part(given.array(), n, box), matrices(patches, box)));
                    steps.add(() -> copy(scatter, 0, shift));
                }
            }
            return steps;
        }));
    }

    /** As {@link ConvolutionKernel#byWeight}. */
    Launch byWeight(Array cotangent) {
        Copies.Staged given = Copies.staged(cotangent);
        Array total = rows(weight);
        int slots = ImageSums.slots(batch);
        Launch[] shares = new Launch[batch];
        Launch[] joins = new Launch[slots];
        for (int slot = 0; slot < slots; slot++) {
            Array sum = Array.resident(weight.dtype(), total.shape());
            joins[slot] = Accumulate.prepare(sum, total);
            int first = slot;
            Workers.withThreads(1, () -> {
                shares(first, slots, given.array(), sum, shares);
                return sum;
            });
        }
        return Launch.all(given.load(), () -> Moves.fill(weight, 0),
                new ImageSums(batch, slots, n -> shares[n].run(), slot -> joins[slot].run()));
    }

    /** Each {@code slots}-th image's share of the sum by the weight, from number {@code slot} on, into one array. */
    private void shares(int slot, int slots, Array cotangent, Array sum, Launch[] shares) {
        Array room = room();
        Array product = boxes.size() == 1 ? sum : Array.resident(sum.dtype(), sum.shape());
        Array first = ConvolutionKernel.at(images, 0);
        List<Moves.Copy[]> gathers =
                boxes.stream().map(box -> PatchKernel.gather(first, patches(room, box), sliding, box)).toList();
        Launch join = boxes.size() == 1 ? Launch.NOTHING : Accumulate.prepare(product, sum);
        for (int n = slot; n < batch; n += slots) {
            Launch[] steps = new Launch[boxes.size()];
            for (int b = 0; b < steps.length; b++) {
                Box box = boxes.get(b);
                Array patches = patches(room, box);
                Array columns = matrices(patches, box).permute(0, 2, 1);
                steps[b] = Launch.all(gathering(gathers.get(b), n, patches),
                        MatMulKernel.prepare(part(cotangent, n, box), columns, b == 0 ? sum : product),
                        b == 0 ? Launch.NOTHING : join);
            }
            shares[n] = Launch.all(steps);
        }
    }

    // ---- how images are shared

    /** Work on the images from {@code from} up to {@code to}, for one thread. */
    private interface Share {
        List<Launch> of(int from, int to);
    }

    private Launch inShares(Share share) {
        int threads = Workers.threads();
        int count = threads == 1 ? 1 : Math.min(batch, SHARES_PER_THREAD * threads);
        Launch[] shares = new Launch[count];
        Arrays.setAll(shares, i -> Workers.withThreads(1, () -> Launch.all(
                share.of(Tiling.begin(i, count, batch), Tiling.begin(i + 1, count, batch)).toArray(Launch[]::new))));
        return Workers.prepare(count, i -> shares[i].run());
    }

    // ---- patches

    /** Memory for the patches of any box. */
    private Array room() {
        int most = boxes.stream().mapToInt(box -> patchShape(box).size()).max().orElseThrow();
        return Array.resident(images.dtype(), Shape.of(most));
    }

    /** {@code [channels, taps..., box...]}. */
    private Shape patchShape(Box box) {
        int[] taps = spatial(weight);
        int[] dims = new int[1 + 2 * taps.length];
        dims[0] = images.shape().dim(1);
        System.arraycopy(taps, 0, dims, 1, taps.length);
        System.arraycopy(box.extent(), 0, dims, 1 + taps.length, taps.length);
        return Shape.of(dims);
    }

    private Array patches(Array room, Box box) {
        return reshaped(room, patchShape(box));
    }

    /** The copies that fill patches in the order {@code [groups, t0, channels / groups, t1..., box...]}. */
    private Moves.Copy[] gatherFirstTapsFirst(Array patches, Box box) {
        int[] dims = patches.shape().dims();
        dims[0] = dims[1];
        dims[1] = patches.shape().dim(0) / groups;
        Shape ofGroup = Shape.of(dims);
        Array image = ConvolutionKernel.at(images, 0);
        int channels = image.shape().dim(0) / groups;
        Shape part = image.shape().with(0, channels);
        return IntStream.range(0, groups).boxed().flatMap(g -> Arrays.stream(PatchKernel.gather(
                image.view(part, image.strides(), image.offset() + g * channels * image.stride(0)),
                firstTapsFirst(patches.view(ofGroup, ofGroup.rowMajorStrides(),
                        patches.offset() + g * ofGroup.size()), 0),
                sliding, box)))
                .toArray(Moves.Copy[]::new);
    }

    /** The axis {@code channels} and the one behind it exchanged. */
    private static Array firstTapsFirst(Array x, int channels) {
        int[] order = new int[x.shape().rank()];
        Arrays.setAll(order, axis -> axis == channels ? axis + 1 : axis == channels + 1 ? axis - 1 : axis);
        return x.permute(order);
    }

    /** Copies of what windows see of the first image, made of another one. */
    private Launch gathering(Moves.Copy[] copies, int n, Array patches) {
        int shift = n * images.stride(0);
        return () -> {
            Moves.fill(patches, 0);
            copy(copies, shift, 0);
        };
    }

    private static void copy(Moves.Copy[] copies, int fromShift, int toShift) {
        for (Moves.Copy copy : copies) {
            copy.run(fromShift, toShift);
        }
    }

    // ---- matrices

    /** What is inside a box of an image's windows, as {@code [groups, filters / groups, box]}: they follow each other. */
    private Array part(Array windows, int n, Box box) {
        Array one = ConvolutionKernel.at(windows, n);
        int filters = one.shape().dim(0) / groups;
        int count = one.size() / one.shape().dim(0);
        return one.view(Shape.of(groups, filters, box.size()), new int[] {filters * count, count, 1},
                box.of(one).offset());
    }

    /** A contiguous weight as {@code [groups, filters / groups, (channels / groups) * taps]}. */
    private Array rows(Array contiguous) {
        int filters = weight.shape().dim(0);
        return reshaped(contiguous, Shape.of(groups, filters / groups, weight.size() / filters));
    }

    /** Contiguous channels of windows as {@code [groups, channels / groups, windows]}. */
    private Array grouped(Array channels) {
        int count = channels.shape().dim(0);
        return reshaped(channels, Shape.of(groups, count / groups, channels.size() / count));
    }

    /** Patches as {@code [groups, (channels / groups) * taps, windows]}. */
    private Array matrices(Array patches, Box box) {
        int windows = box.size();
        return reshaped(patches, Shape.of(groups, patches.size() / windows / groups, windows));
    }

    private static int[] spatial(Array x) {
        return Arrays.copyOfRange(x.shape().dims(), 2, x.shape().rank());
    }

    private static Array reshaped(Array contiguous, Shape shape) {
        return contiguous.view(shape, shape.rowMajorStrides(), contiguous.offset());
    }
}
