package io.adjoint.serialization.onnx.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.adjoint.autodiff.Variable;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.RegularFile;
import io.adjoint.serialization.onnx.Dimension;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.ValueSpec;
import io.adjoint.serialization.onnx.graph.Block;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.OperatorSetIdProto;
import io.adjoint.serialization.onnx.proto.TensorShapeProto;
import io.adjoint.serialization.onnx.proto.TypeProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** Reads a file to what can be run. */
public final class ModelReader {
    /** What may be made of a file beside its tensors. */
    private static final long ALLOWANCE = 64 << 20;

    private final Path file;

    private ModelReader(Path file) {
        this.file = file;
    }

    /**
     * What a file holds.
     *
     * @param graph what is computed
     * @param functions the graphs of functions that it calls
     * @param inputs those that have to be given
     * @param outputs in order
     * @param variables what may be trained, and other state, by name
     * @param origins which messages they were made of
     */
    public record Parsed(Block graph, List<Block> functions, List<ValueSpec> inputs, List<ValueSpec> outputs,
            SequencedMap<String, Variable> variables, Origins origins) {}

    /**
     * The messages of a file, with the usual limit.
     *
     * @throws ModelFileException as {@link #messages(Path, long)}
     */
    public static ModelProto messages(Path file) {
        return messages(file, ALLOWANCE);
    }

    /**
     * The messages of a file. They share its bytes, which are in memory once.
     *
     * @param limit what messages and what is made of them may take in memory, beside those bytes
     * @throws ModelFileException if the file cannot be read or is no ONNX model
     */
    public static ModelProto messages(Path file, long limit) {
        return RegularFile.lookAt(file, () -> read(file, limit));
    }

    private static ModelProto read(Path file, long limit) {
        MemorySegment bytes = RegularFile.map(file);
        if (bytes.byteSize() == 0) {
            throw new ModelFileException(file, "the file is empty", "restore it from a copy or export it again");
        }
        if (bytes.byteSize() > Integer.MAX_VALUE) {
            throw new ModelFileException(file, "it is larger than 2 GiB, which no protobuf message may be",
                    "export the model with its tensors in files of their own");
        }
        WireScan.check(file, bytes.asByteBuffer(), limit);
        ByteString all = UnsafeByteOperations.unsafeWrap(bytes.asByteBuffer()); // which copies them, once
        CodedInputStream in = all.newCodedInput();
        in.enableAliasing(true);
        try {
            ModelProto model = ModelProto.parseFrom(in);
            if (!model.hasGraph()) {
                throw new ModelFileException(file, "this is not an ONNX model, or one without a graph",
                        "name a file that an exporter wrote");
            }
            return model;
        } catch (InvalidProtocolBufferException e) {
            throw new ModelFileException(file, "this is not an ONNX model, or it is damaged (" + e.getMessage() + ")",
                    "restore it from a copy or export it again", e);
        } catch (IOException e) {
            throw new IllegalStateException(e); // there is no reading where all bytes are there
        }
    }

    /**
     * What the messages mean.
     *
     * @param file what messages name, and what other files are beside
     * @throws ModelFileException if a model is not whole, or needs what is not supported
     */
    public static Parsed parse(Path file, ModelProto model) {
        return RegularFile.lookAt(file, () -> new ModelReader(file).parse(model));
    }

    private Parsed parse(ModelProto model) {
        Unsupported.refuse(file, model);
        parse(model, TensorReader.checking(file));
        return parse(model, new TensorReader(file));
    }

    private Parsed parse(ModelProto model, TensorReader tensors) {
        Nesting nesting = new Nesting(file);
        Origins origins = new Origins();
        Functions functions = new Functions(file, tensors, nesting, origins, model.getFunctionsList());
        SequencedMap<String, Variable> variables = new LinkedHashMap<>();
        BlockReader reader = new BlockReader(file, tensors, functions::find, versions(model.getOpsetImportList()),
                nesting, variables, origins);
        Block graph = reader.read(model.getGraph());
        functions.variables().forEach((name, variable) -> BlockReader.name(variables, name, variable));
        Set<String> given = new HashSet<>(graph.initialisers().keySet());
        List<ValueSpec> inputs = model.getGraph().getInputList().stream()
                .filter(info -> !given.contains(info.getName())).map(this::spec).toList();
        List<ValueSpec> outputs = model.getGraph().getOutputList().stream().map(this::spec).toList();
        return new Parsed(graph, functions.blocks(), inputs, outputs, variables, origins);
    }

    static Map<String, Integer> versions(List<OperatorSetIdProto> imports) {
        Map<String, Integer> versions = new HashMap<>();
        imports.forEach(set -> versions.put(BlockReader.domain(set.getDomain()),
                Math.clamp(set.getVersion(), 1, Integer.MAX_VALUE)));
        return versions;
    }

    private ValueSpec spec(ValueInfoProto info) {
        TypeProto.Tensor type = info.getType().getTensorType();
        if (!info.getType().hasTensorType() && info.getType().getValueCase() != TypeProto.ValueCase.VALUE_NOT_SET) {
            throw new ModelFileException(file, info.getName(), "it is a "
                    + info.getType().getValueCase().name().replace("_TYPE", "").toLowerCase(Locale.ROOT),
                    "only tensors are supported");
        }
        ElementType element = type.getElemType() == 0 ? ElementType.FLOAT
                : ElementType.of(type.getElemType()).orElseThrow(() -> new ModelFileException(file, info.getName(),
                        "elements of type " + TensorReader.typeName(type.getElemType()) + " cannot be computed with",
                        "export the model with float or integer types"));
        return new ValueSpec(info.getName(), element, type.hasShape()
                ? Optional.of(type.getShape().getDimList().stream().map(ModelReader::dimension).toList())
                : Optional.empty());
    }

    private static Dimension dimension(TensorShapeProto.Dimension dim) {
        return switch (dim.getValueCase()) {
            case DIM_VALUE -> dim.getDimValue() < 0 ? new Dimension.Unknown() : new Dimension.Fixed(dim.getDimValue());
            case DIM_PARAM ->
                dim.getDimParam().isEmpty() ? new Dimension.Unknown() : new Dimension.Named(dim.getDimParam());
            case VALUE_NOT_SET -> new Dimension.Unknown();
        };
    }
}
