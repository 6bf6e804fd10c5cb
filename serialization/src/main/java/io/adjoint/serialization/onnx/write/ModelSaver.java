package io.adjoint.serialization.onnx.write;

import com.google.protobuf.ByteString;
import io.adjoint.serialization.onnx.graph.Attribute;
import io.adjoint.serialization.onnx.graph.Attributes;
import io.adjoint.serialization.onnx.graph.Block;
import io.adjoint.serialization.onnx.graph.Initialiser;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.SparseTensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto.DataLocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a model that was read, with what its variables hold now: the same messages, in which the initializers that are
 * variables, and tensors that lay in other files, are replaced. A sparse initializer that is a variable becomes a dense one.
 */
public final class ModelSaver {
    private ModelSaver() {}

    /**
     * Writes a model; a file of this name is replaced, be it the one that the model was read from.
     *
     * @param model the messages that were read
     * @param graph what was made of them
     * @param externalAbove from how many bytes of weights on these have a file of their own
     */
    public static void save(Path file, ModelProto model, Block graph, long externalAbove) {
        GraphProto.Builder rest = model.getGraph().toBuilder().clearInitializer().clearSparseInitializer();
        List<Weight> weights = new ArrayList<>();
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            if (replaced(tensor, graph).isPresent()) {
                weights.add(weight(tensor, graph.initialisers().get(tensor.getName())));
            } else {
                rest.addInitializer(tensor);
            }
        }
        for (SparseTensorProto sparse : model.getGraph().getSparseInitializerList()) {
            if (graph.initialisers().get(sparse.getValues().getName()) instanceof Initialiser.Held held) {
                weights.add(weight(sparse.getValues(), held));
            } else {
                rest.addSparseInitializer(sparse);
            }
        }
        nodes(rest, graph);
        ModelFile.write(file, model.toBuilder().setGraph(rest).build(), weights, externalAbove);
    }

    /** What stands for a tensor whose elements are elsewhere now. */
    private static Optional<Initialiser> replaced(TensorProto tensor, Block graph) {
        Initialiser initialiser = graph.initialisers().get(tensor.getName());
        return initialiser instanceof Initialiser.Held || isExternal(tensor) ? Optional.of(initialiser)
                : Optional.empty();
    }

    private static boolean isExternal(TensorProto tensor) {
        return tensor.getDataLocation() == DataLocation.EXTERNAL;
    }

    private static Weight weight(TensorProto tensor, Initialiser initialiser) {
        Value value = initialiser.value();
        TensorProto.Builder header = withoutData(tensor).clearDims().setDataType(value.type().number());
        for (int dim : value.tensor().shape().dims()) {
            header.addDims(dim);
        }
        return Weight.of(header.build(), value.type(), value.tensor().shape(), () -> initialiser.value().tensor());
    }

    private static TensorProto.Builder withoutData(TensorProto tensor) {
        return tensor.toBuilder().clearFloatData().clearInt32Data().clearInt64Data().clearDoubleData()
                .clearUint64Data().clearRawData().clearExternalData().clearDataLocation();
    }

    private static TensorProto filled(TensorProto tensor, Value value) {
        return withoutData(tensor).setRawData(ByteString.copyFrom(TensorBytes.of(value.type(), value.tensor())))
                .build();
    }

    /** The graphs inside of nodes have initializers of their own. */
    private static void nodes(GraphProto.Builder graph, Block block) {
        for (int i = 0; i < graph.getNodeCount(); i++) {
            Attributes attributes = block.nodes().get(i).attributes();
            NodeProto node = graph.getNode(i);
            NodeProto.Builder changed = node.toBuilder();
            for (int j = 0; j < node.getAttributeCount(); j++) {
                changed.setAttribute(j, attribute(node.getAttribute(j), attributes));
            }
            graph.setNode(i, changed);
        }
    }

    private static AttributeProto attribute(AttributeProto proto, Attributes attributes) {
        return switch (attributes.all().get(proto.getName())) {
            case Attribute.Body(Block body) -> proto.toBuilder().setG(nested(proto.getG(), body)).build();
            case Attribute.Constant(Value value) when proto.hasT() && isExternal(proto.getT()) ->
                proto.toBuilder().setT(filled(proto.getT(), value)).build();
            default -> proto;
        };
    }

    private static GraphProto nested(GraphProto graph, Block block) {
        GraphProto.Builder changed = graph.toBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto tensor = graph.getInitializer(i);
            Optional<Initialiser> initialiser = replaced(tensor, block);
            if (initialiser.isPresent()) {
                changed.setInitializer(i, filled(tensor, initialiser.get().value()));
            }
        }
        nodes(changed, block);
        return changed.build();
    }
}
