package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Of boxes that overlap more than a threshold the one with the greatest score, class by class. */
final class NonMaxSuppression {
    /** What the four numbers of a box are. */
    private enum Form {
        CORNERS, CENTRE_AND_SIZE
    }

    private final double[] boxes;
    private final Form form;

    private NonMaxSuppression(double[] boxes, Form form) {
        this.boxes = boxes;
        this.form = form;
    }

    /** I64 {@code [kept, 3]}: batch, class and number of each box that is kept. */
    static Value of(Call call) {
        Tensor boxes = call.tensor(0);
        Tensor scores = call.tensor(1);
        boolean fits = boxes.rank() == 3 && boxes.dim(2) == 4 && scores.rank() == 3 && scores.dim(0) == boxes.dim(0)
                && scores.dim(2) == boxes.dim(1);
        if (!fits) {
            throw call.refusal("boxes and scores do not fit").operand("boxes", boxes.shape())
                    .operand("scores", scores.shape()).expected("[batch, boxes, 4] and [batch, classes, boxes]");
        }
        long most = call.has(2) ? call.whole(2) : 0;
        double overlap = call.has(3) ? call.real(3) : 0;
        double least = call.has(4) ? call.real(4) : Double.NEGATIVE_INFINITY;
        Form form = call.attributes().flag("center_point_box") ? Form.CENTRE_AND_SIZE : Form.CORNERS;
        double[] corners = boxes.detached().cast(DType.F64).toDoubles();
        double[] scored = scores.detached().cast(DType.F64).toDoubles();
        int count = boxes.dim(1);
        List<Long> kept = new ArrayList<>();
        for (int row = 0; row < scores.dim(0) * scores.dim(1); row++) {
            int batch = row / scores.dim(1);
            NonMaxSuppression image = new NonMaxSuppression(
                    Arrays.copyOfRange(corners, batch * count * 4, (batch + 1) * count * 4), form);
            int first = row * count;
            List<Integer> order = IntStream.range(0, count).filter(box -> scored[first + box] > least).boxed()
                    .sorted(Comparator.comparingDouble((Integer box) -> scored[first + box]).reversed()).toList();
            for (int box : image.kept(order, most, overlap)) {
                kept.add((long) batch);
                kept.add((long) row % scores.dim(1));
                kept.add((long) box);
            }
        }
        return Value.of(Tensor.of(kept.stream().mapToLong(Long::longValue).toArray(), kept.size() / 3, 3));
    }

    private List<Integer> kept(List<Integer> order, long most, double overlap) {
        List<Integer> kept = new ArrayList<>();
        for (int box : order) {
            if (kept.size() >= most) {
                break;
            }
            if (kept.stream().noneMatch(other -> share(box, other) > overlap)) {
                kept.add(box);
            }
        }
        return kept;
    }

    /** Their intersection as a share of their union. */
    private double share(int a, int b) {
        double width = length(a, b, 0);
        double height = length(a, b, 1);
        if (width <= 0 || height <= 0) {
            return 0;
        }
        double both = width * height;
        double all = (high(a, 0) - low(a, 0)) * (high(a, 1) - low(a, 1))
                + (high(b, 0) - low(b, 0)) * (high(b, 1) - low(b, 1)) - both;
        return all > 0 ? both / all : 0;
    }

    private double length(int a, int b, int axis) {
        return Math.min(high(a, axis), high(b, axis)) - Math.max(low(a, axis), low(b, axis));
    }

    private double low(int box, int axis) {
        double first = boxes[4 * box + axis];
        double second = boxes[4 * box + 2 + axis];
        return form == Form.CENTRE_AND_SIZE ? first - second / 2 : Math.min(first, second);
    }

    private double high(int box, int axis) {
        double first = boxes[4 * box + axis];
        double second = boxes[4 * box + 2 + axis];
        return form == Form.CENTRE_AND_SIZE ? first + second / 2 : Math.max(first, second);
    }
}
