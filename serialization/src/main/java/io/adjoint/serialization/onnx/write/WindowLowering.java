package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Convolution;
import io.adjoint.autodiff.op.ConvolutionInput;
import io.adjoint.autodiff.op.MaxPlaces;
import io.adjoint.autodiff.op.Slide;
import io.adjoint.autodiff.op.Windowed;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Convolutions and the search of maxima. */
final class WindowLowering {
    private final Emitter nodes;

    WindowLowering(Emitter nodes) {
        this.nodes = nodes;
    }

    Optional<Term> lower(Windowed op, List<Term> inputs, TensorSpec spec) {
        return switch (op) {
            // nothing, or sums of nothing, over which ONNX Runtime does not come to an end
            case Convolution _ when spec.shape().size() == 0 || inputs.getLast().shape().size() == 0 ->
                Optional.of(nodes.zeros(spec));
            case ConvolutionInput _ when inputs.getFirst().shape().size() == 0 -> Optional.of(nodes.zeros(spec));
            // ONNX convolves floats only
            case Convolution _, ConvolutionInput _ when !spec.dtype().isFloat() -> Optional.empty();
            case Convolution(Slide slide, List<Integer> windows) ->
                Optional.of(convolution(slide, windows, inputs.getFirst(), inputs.getLast(), spec));
            case ConvolutionInput(Slide slide, List<Integer> extents) ->
                Optional.of(transposed(slide, extents, inputs.getFirst(), inputs.getLast(), spec));
            case MaxPlaces places when inputs.getFirst().dtype() != DType.I64 ->
                Optional.of(maxPlaces(places, inputs.getFirst(), spec));
            default -> Optional.empty();
        };
    }

    private static int reach(Slide slide, int axis, int windows, int taps) {
        return (windows - 1) * slide.stride().get(axis) + (taps - 1) * slide.dilation().get(axis) + 1;
    }

    /** What the windows do not reach is cut off; what they see beyond the image is padding. */
    private Term convolution(Slide slide, List<Integer> windows, Term images, Term weight, TensorSpec spec) {
        Term x = images;
        List<Integer> after = new ArrayList<>();
        for (int axis = 0; axis < windows.size(); axis++) {
            int reach = reach(slide, axis, windows.get(axis), weight.dim(axis + 2)) - slide.before().get(axis);
            int missing = reach - x.dim(axis + 2);
            int reached = Math.max(reach, 0);
            x = missing < 0 ? nodes.slice(x, axis + 2, 0, reached, 1) : x;
            after.add(Math.max(missing, reach < 0 ? reach : 0));
        }
        if (after.stream().anyMatch(a -> a < 0) || x.shape().size() == 0) {
            return padded(slide, x, weight, after, spec);
        }
        List<Integer> pads = new ArrayList<>(slide.before());
        pads.addAll(after);
        return nodes.node("Conv", spec, List.of(x, weight), attributes(slide, Attribute.of("pads", pads)));
    }

    /** With the padding written out, where windows see nothing but padding. */
    private Term padded(Slide slide, Term images, Term weight, List<Integer> after, TensorSpec spec) {
        Term x = images;
        for (int axis = 0; axis < after.size(); axis++) {
            int before = slide.before().get(axis) + Math.min(0, after.get(axis));
            x = nodes.pad(x, axis + 2, before, Math.max(0, after.get(axis)), 0);
        }
        return nodes.node("Conv", spec, List.of(x, weight), attributes(slide));
    }

    private static AttributeProto[] attributes(Slide slide, AttributeProto... more) {
        List<AttributeProto> attributes = new ArrayList<>(List.of(more));
        attributes.add(Attribute.of("strides", slide.stride()));
        attributes.add(Attribute.of("dilations", slide.dilation()));
        attributes.add(Attribute.of("group", slide.groups()));
        return attributes.toArray(AttributeProto[]::new);
    }

    /** The whole of what the windows reach, of which the image is a part. */
    private Term transposed(Slide slide, List<Integer> extents, Term x, Term weight, TensorSpec spec) {
        List<Integer> pads = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        Shape shape = spec.shape();
        boolean isWithin = true;
        for (int axis = 0; axis < extents.size(); axis++) {
            int reach = reach(slide, axis, x.dim(axis + 2), weight.dim(axis + 2));
            int rest = reach - slide.before().get(axis) - extents.get(axis);
            isWithin &= reach > slide.before().get(axis) && extents.get(axis) > 0;
            pads.add(slide.before().get(axis));
            after.add(rest);
            shape = shape.with(axis + 2, Math.min(extents.get(axis), reach - slide.before().get(axis)));
        }
        if (!isWithin) { // nothing but zeros, or nothing at all
            return nodes.zeros(spec);
        }
        pads.addAll(after.stream().map(rest -> Math.max(0, rest)).toList());
        Term result = nodes.node("ConvTranspose", new TensorSpec(spec.dtype(), shape), List.of(x, weight),
                attributes(slide, Attribute.of("pads", pads)));
        for (int axis = 0; axis < extents.size(); axis++) {
            result = nodes.pad(result, axis + 2, 0, Math.max(0, -after.get(axis)), 0);
        }
        return result;
    }

    /** The greatest elements of windows. */
    Term maxima(MaxPlaces op, Term x, TensorSpec spec) {
        Term images = images(op, x);
        return nodes.cast(nodes.reshape(pool(op, images, images.dtype()), spec.shape()), spec.dtype());
    }

    /** The operator counts places through the whole tensor: what is left of them by the extent of a plane is ours. */
    private Term maxPlaces(MaxPlaces op, Term x, TensorSpec spec) {
        Term images = images(op, x);
        int plane = 1;
        for (int axis = 2; axis < images.rank(); axis++) {
            plane *= images.dim(axis);
        }
        Term places = pool(op, images, images.dtype(), DType.I64);
        Term inPlane = nodes.node("Mod", places.spec(), List.of(places, nodes.number(plane, DType.I64)));
        return nodes.reshape(inPlane, spec.shape());
    }

    /** As batch, channels and planes, of a dtype that the operator takes. */
    private Term images(MaxPlaces op, Term x) {
        Term images = x.dtype() == DType.I32 ? nodes.cast(x, DType.F64) : x;
        int axes = op.size().size();
        if (x.rank() == axes + 2) {
            return images;
        }
        int[] target = new int[axes + 2];
        target[1] = 1;
        int plane = 1;
        for (int axis = 0; axis < axes; axis++) {
            target[axis + 2] = x.dim(x.rank() - axes + axis);
            plane *= target[axis + 2];
        }
        target[0] = x.shape().size() / plane;
        return nodes.reshape(images, Shape.of(target));
    }

    /** The last output of the operator, of windows that are asked for. */
    private Term pool(MaxPlaces op, Term images, DType... outputs) {
        List<Integer> pads = new ArrayList<>(op.slide().before());
        Shape found = images.shape();
        for (int axis = 0; axis < op.size().size(); axis++) {
            int reach = reach(op.slide(), axis, op.windows().get(axis), op.size().get(axis));
            int before = op.slide().before().get(axis);
            int extent = images.dim(axis + 2);
            int after = Math.max(0, reach - before - extent);
            pads.add(after);
            int taps = (op.size().get(axis) - 1) * op.slide().dilation().get(axis) + 1;
            found = found.with(axis + 2, (extent + before + after - taps) / op.slide().stride().get(axis) + 1);
        }
        Shape shape = found;
        Term pooled = nodes.nodes("MaxPool", Stream.of(outputs).map(dtype -> new TensorSpec(dtype, shape)).toList(),
                List.of(images), Attribute.of("kernel_shape", op.size()), Attribute.of("pads", pads),
                Attribute.of("strides", op.slide().stride()), Attribute.of("dilations", op.slide().dilation()))
                .getLast();
        for (int axis = 0; axis < op.size().size(); axis++) {
            pooled = nodes.slice(pooled, axis + 2, 0, op.windows().get(axis), 1);
        }
        return pooled;
    }
}
