package io.adjoint.nn.probability;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Places and weights whose weighted sums are integrals, or sums over all that is possible. Integrals are by the double
 * exponential rule (Takahasi and Mori 1974), which takes singular ends and long tails.
 *
 * @param values {@code [places, event...]}
 */
record Quadrature(Tensor values, double[] weights) {
    private record Node(double x, double weight) {}

    private static final double REACH = 4.5;

    /** Integrals between neighbours among these ends, of which the outermost may be infinite. */
    static Quadrature between(double... ends) {
        return of(nodes(0.02, ends));
    }

    private static Quadrature of(List<Node> nodes) {
        return new Quadrature(Tensor.of(nodes.stream().mapToDouble(Node::x).toArray()),
                nodes.stream().mapToDouble(Node::weight).toArray());
    }

    private static List<Node> nodes(double step, double... ends) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i + 1 < ends.length; i++) {
            for (double t = -REACH; t <= REACH; t += step) {
                Node node = node(t, step, ends[i], ends[i + 1]);
                if (node.x > ends[i] && node.x < ends[i + 1] && node.weight > 0) {
                    nodes.add(node);
                }
            }
        }
        return nodes;
    }

    private static Node node(double t, double step, double low, double high) {
        double s = 0.5 * Math.PI * Math.sinh(t);
        double slope = 0.5 * Math.PI * Math.cosh(t) * step;
        if (Double.isInfinite(low) && Double.isInfinite(high)) {
            return new Node(Math.sinh(s), slope * Math.cosh(s));
        } else if (Double.isInfinite(high)) {
            return new Node(low + Math.exp(s), slope * Math.exp(s));
        } else if (Double.isInfinite(low)) {
            return new Node(high - Math.exp(s), slope * Math.exp(s));
        }
        double share = 1 / (1 + Math.exp(-2 * s));
        return new Node(low + (high - low) * share, slope * 2 * (high - low) * share / (1 + Math.exp(2 * s)));
    }

    /** The plane. */
    static Quadrature plane() {
        List<Node> line = nodes(0.05, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        return product(line, line, (u, v) -> new double[] {u, v, 1}, 2);
    }

    /** Three shares of a whole; the volume is that of the first two. */
    static Quadrature shares() {
        List<Node> unit = nodes(0.05, 0, 1);
        return product(unit, unit, (u, v) -> new double[] {u, (1 - u) * v, (1 - u) * (1 - v), 1 - u}, 3);
    }

    private interface Place {
        /** The coordinates, then the volume. */
        double[] of(double u, double v);
    }

    private static Quadrature product(List<Node> first, List<Node> second, Place place, int length) {
        int size = first.size() * second.size();
        double[] values = new double[size * length];
        double[] weights = new double[size];
        int i = 0;
        for (Node a : first) {
            for (Node b : second) {
                double[] at = place.of(a.x, b.x);
                System.arraycopy(at, 0, values, i * length, length);
                weights[i++] = a.weight * b.weight * at[length];
            }
        }
        return new Quadrature(Tensor.of(values, Shape.of(size, length)), weights);
    }

    /** The numbers 0, 1, ..., most. */
    static Quadrature counts(int most) {
        double[] values = new double[most + 1];
        for (int i = 0; i <= most; i++) {
            values[i] = i;
        }
        return each(Tensor.of(values));
    }

    /** Each of these once. */
    static Quadrature each(Tensor values) {
        double[] weights = new double[values.dim(0)];
        Arrays.fill(weights, 1);
        return new Quadrature(values, weights);
    }

    /** All ways to share so many draws among three classes. */
    static Quadrature draws(int draws) {
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i <= draws; i++) {
            for (int j = 0; j <= draws - i; j++) {
                rows.add(new double[] {i, j, draws - i - j});
            }
        }
        return each(Tensor.rows(rows.toArray(double[][]::new)));
    }
}
