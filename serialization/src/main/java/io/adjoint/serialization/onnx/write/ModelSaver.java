package io.adjoint.serialization.onnx.write;

import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.adjoint.serialization.onnx.graph.Initialiser;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.proto.FunctionProto;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.SparseTensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TrainingInfoProto;
import io.adjoint.serialization.onnx.read.Origins;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a model that was read, with what its variables hold now: the same messages, in which the tensors that are variables, and
 * those that lay in other files, are replaced, also in graphs inside of nodes and in functions. A sparse initializer that is a
 * variable becomes a dense one. What was not read, since nothing uses it, is left out where it lies in another file.
 */
public final class ModelSaver {
    private final Origins origins;
    private final Placeholders placeholders = new Placeholders();

    private ModelSaver(Origins origins) {
        this.origins = origins;
    }

    /**
     * Writes a model; a file of this name is replaced, be it the one that the model was read from.
     *
     * @param model the messages that were read
     * @param origins what was made of them
     * @param externalAbove from how many bytes of weights on these have a file of their own
     */
    public static void save(Path file, ModelProto model, Origins origins, long externalAbove) {
        GraphProto.Builder rest = model.getGraph().toBuilder().clearInitializer().clearSparseInitializer();
        List<Weight> weights = new ArrayList<>();
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            origins.of(tensor).ifPresentOrElse(now -> weights.add(weight(tensor, now)),
                    () -> rest.addInitializer(tensor));
        }
        for (SparseTensorProto sparse : model.getGraph().getSparseInitializerList()) {
            origins.of(sparse).ifPresentOrElse(now -> weights.add(weight(sparse.getValues(), now)),
                    () -> rest.addSparseInitializer(sparse));
        }
        ModelSaver saver = new ModelSaver(origins);
        ModelProto whole = saver.whole(model.toBuilder().setGraph(rest).build());
        ModelFile.write(file, new ModelFile.Parts(whole, weights, saver.placeholders), externalAbove);
    }

    private static Weight weight(TensorProto tensor, Initialiser initialiser) {
        Value value = initialiser.value();
        return Weight.of(header(tensor, value).build(), value.type(), value.tensor().shape(),
                () -> initialiser.value().tensor());
    }

    private static TensorProto.Builder header(TensorProto tensor, Value value) {
        TensorProto.Builder header = tensor.toBuilder().clearFloatData().clearInt32Data().clearInt64Data()
                .clearDoubleData().clearUint64Data().clearRawData().clearExternalData().clearDataLocation()
                .clearDims().setDataType(value.type().number());
        for (int dim : value.tensor().shape().dims()) {
            header.addDims(dim);
        }
        return header;
    }

    private TensorProto placeholder(TensorProto tensor, Initialiser now) {
        return placeholders.of(weight(tensor, now));
    }

    private ModelProto whole(ModelProto model) {
        ModelProto current = (ModelProto) current(model);
        List<FunctionProto> functions = current.getFunctionsList().stream().filter(each -> !DataFiles.refers(each))
                .toList();
        List<TrainingInfoProto> training = current.getTrainingInfoList().stream()
                .filter(each -> !DataFiles.refers(each)).toList();
        return current.toBuilder().clearFunctions().addAllFunctions(functions).clearTrainingInfo()
                .addAllTrainingInfo(training).build();
    }

    private Message current(Message message) {
        return switch (message) {
            case TensorProto tensor ->
                origins.of(tensor).<Message>map(now -> placeholder(tensor, now)).orElse(tensor);
            case GraphProto graph -> parts(dense(graph));
            default -> parts(message);
        };
    }

    private Message parts(Message message) {
        Message.Builder changed = message.toBuilder();
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() == JavaType.MESSAGE) {
                changed.setField(field, value instanceof List<?> list
                        ? list.stream().map(each -> current((Message) each)).toList() : current((Message) value));
            }
        });
        return changed.build();
    }

    private GraphProto dense(GraphProto graph) {
        GraphProto.Builder changed = graph.toBuilder().clearSparseInitializer();
        for (SparseTensorProto sparse : graph.getSparseInitializerList()) {
            Optional<Initialiser> now = origins.of(sparse);
            if (now.isPresent()) {
                changed.addInitializer(placeholder(sparse.getValues(), now.get()));
            } else {
                changed.addSparseInitializer(sparse);
            }
        }
        return changed.build();
    }
}
