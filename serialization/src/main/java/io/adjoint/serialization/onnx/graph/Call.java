package io.adjoint.serialization.onnx.graph;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A node being computed: its inputs as values, its attributes, and what it is asked for. */
public final class Call {
    private final Node node;
    private final Scope scope;
    private final Attributes attributes;
    private final List<Optional<Value>> inputs;

    Call(Node node, Scope scope) {
        this.node = node;
        this.scope = scope;
        this.attributes = node.attributes().within(scope.function());
        this.inputs = node.inputs().stream()
                .map(name -> name.isEmpty() ? Optional.<Value>empty() : scope.find(name)).toList();
    }

    /** The node's name: its own, or that of its first output. */
    public String name() {
        return node.name();
    }

    /** The operator's name, for messages. */
    public String operator() {
        return node.operator();
    }

    /** The version of the operator's domain: 6 to the newest. */
    public int version() {
        return node.version();
    }

    /** What is fixed. */
    public Attributes attributes() {
        return attributes;
    }

    // ---- inputs

    /** How many inputs are named, those left out in between included. */
    public int inputs() {
        return inputs.size();
    }

    /** Whether the input is given. */
    public boolean has(int input) {
        return input < inputs.size() && inputs.get(input).isPresent();
    }

    /** An input. */
    public Value value(int input) {
        return find(input).orElseThrow(() -> ShapeException.of(operator(), "an input is missing")
                .operand("input", input).expected("a value"));
    }

    /** An input, where it is given. */
    public Optional<Value> find(int input) {
        return input < inputs.size() ? inputs.get(input) : Optional.empty();
    }

    /** All inputs, empty where one is left out. */
    public List<Optional<Value>> all() {
        return inputs;
    }

    /** The tensor of an input. */
    public Tensor tensor(int input) {
        return value(input).tensor();
    }

    /** The tensor of an input, where it is given. */
    public Optional<Tensor> findTensor(int input) {
        return find(input).map(Value::tensor);
    }

    /** The tensors of the inputs from this one on. */
    public List<Tensor> tensorsFrom(int first) {
        return inputs.stream().skip(first).flatMap(Optional::stream).map(Value::tensor).toList();
    }

    /** The element type of an input. */
    public ElementType type(int input) {
        return value(input).type();
    }

    /** The only element of an input that is the same in every run: a constant of the graph. */
    public OptionalDouble constant(int input) {
        return has(input) && tensor(input).size() == 1 && scope.isFixed(node.inputs().get(input))
                ? OptionalDouble.of(tensor(input).item())
                : OptionalDouble.empty();
    }

    /**
     * The elements of an input, which decides what is to be computed.
     *
     * @throws io.adjoint.autodiff.TraceException if they are not known yet
     */
    public long[] wholes(int input) {
        return tensor(input).cast(DType.I64).toLongs();
    }

    /** As {@link #wholes}, each an int. */
    public int[] integers(int input) {
        return Arrays.stream(wholes(input)).mapToInt(value -> {
            if (value != (int) value) {
                throw ShapeException.of(operator(), "a number is too large").operand("input", input)
                        .operand("number", value).expected("an int");
            }
            return (int) value;
        }).toArray();
    }

    /** The only element of an input, as an int. */
    public int integer(int input) {
        int[] values = integers(input);
        if (values.length != 1) {
            throw ShapeException.of(operator(), "not exactly one element").operand("input", input)
                    .operand("elements", values.length).expected("one");
        }
        return values[0];
    }

    /** As {@link #wholes}, for floats. */
    public double[] reals(int input) {
        return tensor(input).cast(DType.F64).toDoubles();
    }

    /** The only element of an input, which decides what is to be computed. */
    public long whole(int input) {
        return wholes(input)[requireOne(input)];
    }

    /** As {@link #whole}, for a float. */
    public double real(int input) {
        return reals(input)[requireOne(input)];
    }

    /** 0, its place. */
    private int requireOne(int input) {
        if (tensor(input).size() != 1) {
            throw ShapeException.of(operator(), "not exactly one element").operand("input", input)
                    .operand("elements", tensor(input).size()).expected("one");
        }
        return 0;
    }

    // ---- outputs

    /** How many outputs the node names. */
    public int outputs() {
        return node.outputs().size();
    }

    /** Whether somebody may read the output. */
    public boolean wants(int output) {
        return output < outputs() && !node.outputs().get(output).isEmpty();
    }

    /** A result typed like an input, see {@link Value#like}. */
    public Value like(int input, Tensor result) {
        return Value.like(type(input), result);
    }

    // ---- graphs

    /** Computes a graph of this node, which sees the names around the node. */
    public List<Value> run(Block body, List<Value> given) {
        return body.runWithin(scope, given.stream().map(Optional::of).toList());
    }

    /**
     * Computes the graph of the function that this node calls, with the node's inputs and attributes.
     *
     * @param defaults the attributes that count where the node has none
     */
    public List<Value> runFunction(Block function, Attributes defaults) {
        return function.runCalledBy(scope, attributes.or(defaults), inputs);
    }

    /**
     * Computes a value of the graph around this node again, from other values of some names before it.
     *
     * @param names of the values given
     * @param wanted the name of the result
     * @param given a value for each name
     */
    public Value again(List<String> names, String wanted, List<Value> given) {
        return run(scope.block().between(names, wanted), given).getFirst();
    }

    /** A graph of this node. */
    public Block body(String attribute) {
        return attributes.body(attribute).orElseThrow(() -> missing(attribute));
    }

    /** The refusal of a node that says too little. */
    public ShapeException missing(String attribute) {
        return ShapeException.of(operator(), "an attribute is missing").operand("attribute", attribute)
                .expected("a value for it");
    }

    /** The beginning of a refusal that names the operator. */
    public ShapeException.Report refusal(String rule) {
        return ShapeException.of(operator(), rule);
    }
}
