package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * Collects nodes and constants. Which names it gives depends on the order of the calls only, never on extents, so that traces
 * for two batch sizes can be compared name by name; hence every constant has a name of its own, equal ones too.
 */
final class Emitter {
    /** What the name of a node's first result ends with. */
    static final String RESULT = "/out";

    private final List<NodeProto> nodes = new ArrayList<>();
    private final List<Term> values = new ArrayList<>();
    private final SequencedMap<String, Tensor> constants;
    private final UniqueNames names;
    private String scope = "";
    private String place = "";

    Emitter(UniqueNames names) {
        this(names, new LinkedHashMap<>());
    }

    private Emitter(UniqueNames names, SequencedMap<String, Tensor> constants) {
        this.names = names;
        this.constants = constants;
    }

    /** What a node's result is called. */
    static String output(String node, int number) {
        return number == 0 ? node + RESULT : node + RESULT + number;
    }

    /** Collects the nodes of a graph inside of a node. Its constants stand outside, where they are computed once. */
    Emitter inside() {
        Emitter inside = new Emitter(names, constants);
        inside.at(scope, place);
        return inside;
    }

    /** Where in the model, and on which line of its source, the next nodes belong. */
    void at(String scope, String place) {
        this.scope = scope;
        this.place = place;
    }

    List<NodeProto> nodes() {
        return nodes;
    }

    /** What the nodes compute. */
    List<Term> values() {
        return values;
    }

    SequencedMap<String, Tensor> constants() {
        return constants;
    }

    private String unique(String name) {
        return names.unique(scope.isEmpty() ? name : scope + "/" + name);
    }

    /** A node that is to stand for others, which are collected here. */
    NodeProto.Builder standing(String operator, List<Term> inputs) {
        String name = unique(operator);
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).setName(name).setDocString(place)
                .addOutput(output(name, 0));
        inputs.forEach(input -> node.addInput(input.name()));
        return node;
    }

    /** What is given to the graph, and not computed by its nodes. */
    Term named(String name, TensorSpec spec) {
        return new Term(unique(name), spec);
    }

    /** A node with one output. */
    Term node(String operator, TensorSpec spec, List<Term> inputs, AttributeProto... attributes) {
        return nodes(operator, List.of(spec), inputs, attributes).getFirst();
    }

    /** A node with several outputs. */
    List<Term> nodes(String operator, List<TensorSpec> specs, List<Term> inputs, AttributeProto... attributes) {
        return add(NodeProto.newBuilder().addAllAttribute(List.of(attributes)), operator, specs, inputs);
    }

    /** A call of a function that the model brings along. */
    Term call(String domain, String function, TensorSpec spec, List<Term> inputs) {
        return add(NodeProto.newBuilder().setDomain(domain), function, List.of(spec), inputs).getFirst();
    }

    private List<Term> add(NodeProto.Builder node, String operator, List<TensorSpec> specs, List<Term> inputs) {
        String name = unique(operator);
        node.setOpType(operator).setName(name);
        if (!place.isEmpty()) {
            node.setDocString(place);
        }
        inputs.forEach(input -> node.addInput(input.name()));
        List<Term> outputs = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            outputs.add(new Term(output(name, i), specs.get(i)));
        }
        outputs.forEach(output -> node.addOutput(output.name()));
        nodes.add(node.build());
        values.addAll(outputs);
        return outputs;
    }

    Term constant(Tensor value) {
        String name = unique("constant");
        constants.put(name, value);
        return new Term(name, value.spec());
    }

    /** A scalar. */
    Term number(double value, DType dtype) {
        return constant(Tensor.scalar(value, dtype));
    }

    /** Matrices of F64 with ones on the diagonal, and zeros beside it. */
    Term identity(Shape shape) {
        Tensor onDiagonal = Tensor.range(shape.dim(-2)).unsqueeze(1).eq(Tensor.range(shape.dim(-1)));
        return expand(cast(constant(onDiagonal), DType.F64), shape);
    }

    /** A list of integers, as shapes and axes are given. */
    Term integers(List<Integer> values) {
        return constant(Tensor.of(values.stream().mapToLong(Integer::longValue).toArray()));
    }

    Term integers(int... values) {
        return integers(IntStream.of(values).boxed().toList());
    }

    Term reshape(Term x, Shape target) {
        if (x.shape().equals(target)) {
            return x;
        }
        // by default an extent of 0 would stand for that of the input
        return node("Reshape", new TensorSpec(x.dtype(), target), List.of(x, integers(target.dims())),
                Attribute.of("allowzero", 1));
    }

    Term expand(Term x, Shape target) {
        return x.shape().equals(target) ? x
                : node("Expand", new TensorSpec(x.dtype(), target), List.of(x, integers(target.dims())));
    }

    Term zeros(TensorSpec spec) {
        return expand(number(0, spec.dtype()), spec.shape());
    }

    Term transpose(Term x, List<Integer> order) {
        if (IntStream.range(0, order.size()).allMatch(i -> order.get(i) == i)) {
            return x;
        }
        int[] dims = order.stream().mapToInt(x::dim).toArray();
        return node("Transpose", new TensorSpec(x.dtype(), Shape.of(dims)), List.of(x), Attribute.of("perm", order));
    }

    /** With an axis moved to another place. */
    Term move(Term x, int from, int to) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
        order.add(to, order.remove(from));
        return transpose(x, order);
    }

    /** From {@code start} up to but without {@code stop} along an axis. */
    Term slice(Term x, int axis, int start, int stop, int step) {
        if (start == 0 && stop == x.dim(axis) && step == 1) {
            return x;
        }
        int count = Math.ceilDiv(stop - start, step);
        return node("Slice", new TensorSpec(x.dtype(), x.shape().with(axis, count)),
                List.of(x, integers(start), integers(stop), integers(axis), integers(step)));
    }

    /** With a constant before and after the elements along an axis. */
    Term pad(Term x, int axis, int before, int after, double value) {
        if (before == 0 && after == 0) {
            return x;
        }
        // of all axes: ONNX Runtime moves transposes through the operator as if its list of axes was not there
        int[] widths = new int[2 * x.rank()];
        widths[axis] = before;
        widths[x.rank() + axis] = after;
        return node("Pad", new TensorSpec(x.dtype(), x.shape().with(axis, before + x.dim(axis) + after)),
                List.of(x, integers(widths), number(value, x.dtype())));
    }

    Term cast(Term x, DType dtype) {
        return x.dtype() == dtype ? x
                : node("Cast", new TensorSpec(dtype, x.shape()), List.of(x),
                        Attribute.of("to", ElementType.of(dtype).number()));
    }

    /** The elements along an axis that an index tensor, which is the same in every run, names. */
    Term take(Term x, int axis, Tensor index) {
        int[] from = x.shape().dims();
        int[] dims = IntStream.concat(IntStream.concat(IntStream.of(from).limit(axis),
                IntStream.of(index.shape().dims())), IntStream.of(from).skip(axis + 1)).toArray();
        return node("Gather", new TensorSpec(x.dtype(), Shape.of(dims)), List.of(x, constant(index)),
                Attribute.of("axis", axis));
    }
}
