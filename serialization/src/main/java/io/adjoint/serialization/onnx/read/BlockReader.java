package io.adjoint.serialization.onnx.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Variable;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.onnx.graph.Attribute;
import io.adjoint.serialization.onnx.graph.Attributes;
import io.adjoint.serialization.onnx.graph.Block;
import io.adjoint.serialization.onnx.graph.Initialiser;
import io.adjoint.serialization.onnx.graph.Node;
import io.adjoint.serialization.onnx.graph.Operator;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.operator.OperatorTable;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.SparseTensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads graphs, and those inside of them: resolves operators and checks that every name is defined once, before its use. */
final class BlockReader {
    private static final int MOST_TRIED = 10;
    private static final Operator CONSTANT = OperatorTable.STANDARD.find("Constant").orElseThrow().operator();

    private final Path file;
    private final TensorReader tensors;
    private final Function<NodeProto, Optional<OperatorTable.Entry>> operators;
    private final Map<String, Integer> versions;
    private final Nesting nesting;
    private final SequencedMap<String, Variable> variables;
    private final Origins origins;

    /**
     * A reader of graphs.
     *
     * @param file what messages name
     * @param tensors reads their tensors
     * @param operators finds what a node computes
     * @param versions of the domains of operators
     * @param nesting counts graphs within each other
     * @param variables collects what may be trained
     * @param origins collects what it is made of
     */
    BlockReader(Path file, TensorReader tensors, Function<NodeProto, Optional<OperatorTable.Entry>> operators,
            Map<String, Integer> versions, Nesting nesting,
            SequencedMap<String, Variable> variables, Origins origins) {
        this.file = file;
        this.tensors = tensors;
        this.operators = operators;
        this.versions = versions;
        this.nesting = nesting;
        this.variables = variables;
        this.origins = origins;
    }

    /** Reads a graph that nothing is around. */
    Block read(GraphProto graph) {
        return read(graph, Optional.empty());
    }

    private Block read(GraphProto graph, Optional<Visible> around) {
        nesting.enter();
        Set<String> own = new HashSet<>();
        List<String> inputs = graph.getInputList().stream().map(ValueInfoProto::getName).toList();
        inputs.forEach(name -> define(own, name));
        SequencedMap<String, Initialiser> initialisers = initialisers(graph, own, new HashSet<>(inputs));
        List<String> outputs = graph.getOutputList().stream().map(ValueInfoProto::getName).toList();
        Block block = read(inputs, outputs, graph.getNodeList(), initialisers, new Visible(own, around));
        nesting.leave();
        return block;
    }

    /** Reads the graph of a function, which sees no names around it. */
    Block readFunction(List<String> inputs, List<String> outputs, List<NodeProto> nodes) {
        Set<String> own = new HashSet<>();
        inputs.forEach(name -> define(own, name));
        return read(inputs, outputs, nodes, new LinkedHashMap<>(), Visible.only(own));
    }

    private Block read(List<String> inputs, List<String> outputs, List<NodeProto> protos,
            SequencedMap<String, Initialiser> initialisers, Visible visible) {
        List<Node> nodes = new ArrayList<>();
        for (NodeProto proto : protos) {
            for (String input : proto.getInputList()) {
                if (!input.isEmpty() && !visible.contains(input)) {
                    throw new ModelFileException(file, Names.shown(label(proto)) + " reads " + Names.quote(input)
                            + ", which nothing before it computes",
                            "the nodes of a graph have to be in order, without cycles");
                }
            }
            Node node = node(proto, visible);
            nodes.add(node);
            if (!tensors.isChecking() && isConstant(node)) {
                fix(node, initialisers);
            }
            for (String output : proto.getOutputList()) {
                if (!output.isEmpty()) {
                    define(visible.own(), output);
                }
            }
        }
        for (String output : outputs) {
            if (!visible.contains(output)) {
                throw new ModelFileException(file, "nothing computes the output " + Names.quote(output),
                        "an output has to be an input, an initializer or the output of a node");
            }
        }
        return new Block(inputs, outputs, nodes, initialisers);
    }

    /**
     * A node of nothing but attributes that are given, which computes the same in every run. A function may have the operator's
     * name, and is not for that run while the file is read.
     */
    private static boolean isConstant(Node node) {
        return node.code() == CONSTANT && node.outputs().size() == 1
                && node.attributes().all().values().stream().noneMatch(Attribute.Reference.class::isInstance);
    }

    private void fix(Node node, SequencedMap<String, Initialiser> initialisers) {
        Block alone = new Block(List.of(), node.outputs(), List.of(node), Map.of());
        try {
            initialisers.put(node.outputs().getFirst(),
                    new Initialiser.Fixed(alone.run(List.of()).getFirst()));
        } catch (ShapeException _) {
            return; // it is refused where the model runs
        }
    }

    private void define(Set<String> own, String name) {
        if (name.isEmpty()) {
            throw new ModelFileException(file, "an input or initializer has no name", "restore the file from a copy");
        }
        if (!own.add(name)) {
            throw new ModelFileException(file, Names.quote(name) + " is defined twice in one graph",
                    "each name stands for one value");
        }
    }

    // ---- initialisers

    private SequencedMap<String, Initialiser> initialisers(GraphProto graph, Set<String> own, Set<String> inputs) {
        SequencedMap<String, Initialiser> initialisers = new LinkedHashMap<>();
        Roles roles = Roles.of(graph.getNodeList(), operators, nesting);
        for (TensorProto tensor : graph.getInitializerList()) {
            Value value = tensors.read(tensor);
            origins.read(tensor, value);
            add(initialisers, own, inputs, tensor, tensor.getName(), value, roles);
        }
        for (SparseTensorProto sparse : graph.getSparseInitializerList()) {
            add(initialisers, own, inputs, sparse, sparse.getValues().getName(), read(sparse), roles);
        }
        return initialisers;
    }

    private Value read(SparseTensorProto sparse) {
        return new SparseReader(file, tensors, origins).read(sparse);
    }

    private void add(SequencedMap<String, Initialiser> initialisers, Set<String> own, Set<String> inputs,
            Message message, String name, Value value, Roles roles) {
        if (initialisers.containsKey(name) || !inputs.contains(name)) {
            define(own, name);
        }
        initialisers.put(name, switch (roles.of(name)) {
            case PARAMETER -> value.type().isFloat() ? held(message, name, value, Variable.parameter(value.tensor()))
                    : new Initialiser.Fixed(value);
            case BUFFER -> held(message, name, value, Variable.buffer(value.tensor()));
            case KNOWN -> new Initialiser.Fixed(value);
        });
    }

    private Initialiser held(Message message, String name, Value value, Variable variable) {
        name(variables, name, variable);
        Initialiser.Held held = new Initialiser.Held(value.type(), variable);
        origins.held(message, held);
        return held;
    }

    static void name(Map<String, Variable> variables, String name, Variable variable) {
        variables.put(free(name, variables::containsKey, variables.size()), variable);
    }

    /** Graphs inside of others may use a name again: it gets a number then, a large one where thousands do. */
    static String free(String name, Predicate<String> isTaken, int names) {
        String path = name;
        for (int i = 2; isTaken.test(path); i = i < MOST_TRIED ? i + 1 : Math.max(i, names) + 1) {
            path = name + "_" + i;
        }
        return path;
    }

    // ---- nodes

    private Node node(NodeProto proto, Visible visible) {
        String operator = operatorName(proto);
        Operator code = operators.apply(proto).orElseThrow(() -> new ModelFileException(file, Names.shown(label(proto))
                + " needs the operator " + Names.quote(operator) + ", which is not supported",
                "export it with other operators")).operator();
        return new Node(label(proto), operator, versions.getOrDefault(domain(proto.getDomain()), 1),
                proto.getInputList(), proto.getOutputList(), attributes(proto.getAttributeList(), proto, visible),
                code);
    }

    /** ONNX's own domain has two names. */
    static String domain(String domain) {
        return domain.equals("ai.onnx") ? "" : domain;
    }

    static String operatorName(NodeProto node) {
        return qualified(node.getDomain(), node.getOpType());
    }

    /** An operator's name with its domain, unless that is ONNX's own. */
    static String qualified(String domain, String name) {
        String own = domain(domain);
        return own.isEmpty() ? name : own + "." + name;
    }

    /** The node's name, or else that of its first output. */
    static String label(NodeProto node) {
        return !node.getName().isEmpty() ? node.getName()
                : node.getOutputList().stream().filter(name -> !name.isEmpty()).findFirst().orElse(node.getOpType());
    }

    Attributes attributes(List<AttributeProto> protos, NodeProto node, Visible visible) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (AttributeProto proto : protos) {
            if (attributes.put(proto.getName(), attribute(proto, node, visible)) != null) {
                throw new ModelFileException(file,
                        Names.shown(label(node)) + " has the attribute " + Names.quote(proto.getName())
                                + " twice",
                        "restore the file from a copy");
            }
        }
        return new Attributes(attributes);
    }

    private Attribute attribute(AttributeProto proto, NodeProto node, Visible visible) {
        if (!proto.getRefAttrName().isEmpty()) {
            return new Attribute.Reference(proto.getRefAttrName());
        }
        return switch (typeOf(proto)) {
            case FLOAT -> new Attribute.Real(proto.getF());
            case INT -> new Attribute.Whole(proto.getI());
            case STRING -> new Attribute.Text(proto.getS().toStringUtf8());
            case TENSOR -> {
                Value value = tensors.read(proto.getT());
                origins.read(proto.getT(), value);
                yield new Attribute.Constant(value);
            }
            case SPARSE_TENSOR -> new Attribute.Constant(read(proto.getSparseTensor()));
            case GRAPH -> new Attribute.Body(read(proto.getG(), Optional.of(visible)));
            case FLOATS -> new Attribute.Reals(proto.getFloatsList());
            case INTS -> new Attribute.Wholes(proto.getIntsList());
            case STRINGS ->
                new Attribute.Texts(proto.getStringsList().stream().map(ByteString::toStringUtf8).toList());
            case TENSORS, GRAPHS, SPARSE_TENSORS, TYPE_PROTO, TYPE_PROTOS, UNDEFINED, UNRECOGNIZED ->
                throw new ModelFileException(file,
                        Names.shown(label(node)) + ": the attribute " + Names.quote(proto.getName())
                                + " is of the unsupported sort number " + proto.getTypeValue(),
                        "export the model without it");
        };
    }

    /** Early writers gave no type: what is there tells it. */
    private static AttributeType typeOf(AttributeProto proto) {
        if (proto.getType() != AttributeType.UNDEFINED) {
            return proto.getType();
        }
        if (proto.hasF()) {
            return AttributeType.FLOAT;
        }
        if (proto.hasI()) {
            return AttributeType.INT;
        }
        if (proto.hasS()) {
            return AttributeType.STRING;
        }
        if (proto.hasT()) {
            return AttributeType.TENSOR;
        }
        if (proto.hasG()) {
            return AttributeType.GRAPH;
        }
        if (proto.getFloatsCount() > 0) {
            return AttributeType.FLOATS;
        }
        return proto.getStringsCount() > 0 ? AttributeType.STRINGS : AttributeType.INTS;
    }
}
