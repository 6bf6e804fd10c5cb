package io.adjoint.serialization.onnx.read;

import io.adjoint.autodiff.Variable;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.onnx.graph.Attribute;
import io.adjoint.serialization.onnx.graph.Attributes;
import io.adjoint.serialization.onnx.graph.Block;
import io.adjoint.serialization.onnx.operator.OperatorTable;
import io.adjoint.serialization.onnx.operator.OwnOperators;
import io.adjoint.serialization.onnx.proto.FunctionProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.read.Roles.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/** The operators that a model defines itself, before those of the library, but for the library's own operations. */
final class Functions {
    private final Path file;
    private final TensorReader tensors;
    private final Nesting nesting;
    private final Origins origins;
    private final SequencedMap<String, Variable> variables = new LinkedHashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    private final Map<String, FunctionProto> protos = new HashMap<>();
    private final Map<String, Read> read = new HashMap<>();
    private final Set<String> open = new HashSet<>();

    /** A function, and how many graphs and functions are within each other in it. */
    private record Read(OperatorTable.Entry entry, int height) {}

    Functions(Path file, TensorReader tensors, Nesting nesting, Origins origins,
            List<FunctionProto> functions) {
        this.file = file;
        this.tensors = tensors;
        this.nesting = nesting;
        this.origins = origins;
        for (FunctionProto function : functions) {
            String key = key(function);
            if (protos.put(key, function) != null) {
                throw new ModelFileException(file, "the function " + Names.quote(key) + " is defined twice",
                        "restore the file from a copy");
            }
        }
    }

    /** What tells a function from all others. */
    static String key(FunctionProto function) {
        return key(function.getDomain(), function.getName(), function.getOverload());
    }

    /** Of the function that a node may call. */
    static String key(NodeProto node) {
        return key(node.getDomain(), node.getOpType(), node.getOverload());
    }

    private static String key(String domain, String name, String overload) {
        return BlockReader.domain(domain) + "." + name + (overload.isEmpty() ? "" : ":" + overload);
    }

    /** The operation that a node calls by the name of a function that is there for other programs. */
    static Optional<OperatorTable.Entry> own(NodeProto node) {
        return OwnOperators.find(node.getDomain(), node.getOpType());
    }

    /** The graphs of those that were found so far, and those that their attributes are by default. */
    List<Block> blocks() {
        return blocks;
    }

    /** What may be trained of the graphs inside of those that were found so far. */
    SequencedMap<String, Variable> variables() {
        return variables;
    }

    /** What a node computes. */
    Optional<OperatorTable.Entry> find(NodeProto node) {
        Optional<OperatorTable.Entry> own = own(node);
        String key = key(node);
        FunctionProto function = protos.get(key);
        if (own.isPresent() || function == null) {
            return own.or(() -> OperatorTable.STANDARD.find(BlockReader.operatorName(node)));
        }
        Read known = read.get(key);
        if (known != null) {
            nesting.reach(known.height());
            return Optional.of(known.entry());
        }
        if (!open.add(key)) {
            throw new ModelFileException(file, "the function " + Names.quote(key) + " calls itself",
                    "a function may use only others that do not lead back to it");
        }
        OperatorTable.Entry[] entry = new OperatorTable.Entry[1];
        int height = nesting.heightOf(() -> entry[0] = read(function));
        open.remove(key);
        read.put(key, new Read(entry[0], height));
        return Optional.of(entry[0]);
    }

    private OperatorTable.Entry read(FunctionProto function) {
        nesting.enter();
        BlockReader reader = new BlockReader(file, tensors, this::find,
                ModelReader.versions(function.getOpsetImportList()), nesting, variables, origins);
        Attributes defaults =
                reader.attributes(function.getAttributeProtoList(), NodeProto.getDefaultInstance(),
                        Visible.only(Set.of()));
        Block body = reader.readFunction(function.getInputList(), function.getOutputList(), function.getNodeList());
        blocks.add(body);
        for (Attribute attribute : defaults.all().values()) {
            if (attribute instanceof Attribute.Body(Block graph)) {
                blocks.add(graph);
            }
        }
        Roles roles = Roles.of(function.getNodeList(), this::find, nesting);
        nesting.leave();
        return OperatorTable.function(call -> call.runFunction(body, defaults),
                inputs(function, roles, Role.KNOWN), inputs(function, roles, Role.BUFFER));
    }

    private static int[] inputs(FunctionProto function, Roles roles, Role role) {
        return IntStream.range(0, function.getInputCount()).filter(i -> roles.of(function.getInput(i)) == role)
                .toArray();
    }
}
