package io.adjoint.serialization.onnx;

import com.google.protobuf.ByteString;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.AttributeProto.AttributeType;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.OperatorSetIdProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.ValueInfoProto;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** A model of a single node, in which tests call operators. */
record OneNode(NodeProto node, int version) {
    /** An operator with one output and, so far, no attributes. */
    static OneNode of(String operator, int version) {
        return new OneNode(NodeProto.newBuilder().setName("node").setOpType(operator).addOutput("y0").build(), version);
    }

    private OneNode with(AttributeProto.Builder attribute) {
        return new OneNode(node.toBuilder().addAttribute(attribute).build(), version);
    }

    private static AttributeProto.Builder attribute(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }

    OneNode with(String name, long value) {
        return with(attribute(name, AttributeType.INT).setI(value));
    }

    OneNode with(String name, float value) {
        return with(attribute(name, AttributeType.FLOAT).setF(value));
    }

    OneNode with(String name, String value) {
        return with(attribute(name, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)));
    }

    OneNode with(String name, ElementType value) {
        return with(name, value.number());
    }

    OneNode with(String name, long... values) {
        return with(attribute(name, AttributeType.INTS).addAllInts(LongStream.of(values).boxed().toList()));
    }

    OneNode with(String name, List<Float> values) {
        return with(attribute(name, AttributeType.FLOATS).addAllFloats(values));
    }

    OneNode with(String name, TensorProto value) {
        return with(attribute(name, AttributeType.TENSOR).setT(value));
    }

    OneNode with(String name, GraphProto value) {
        return with(attribute(name, AttributeType.GRAPH).setG(value));
    }

    OneNode withTexts(String name, String... values) {
        return with(attribute(name, AttributeType.STRINGS)
                .addAllStrings(Arrays.stream(values).map(ByteString::copyFromUtf8).toList()));
    }

    /** The same with this number of outputs. */
    OneNode outputs(int count) {
        NodeProto.Builder all = node.toBuilder().clearOutput();
        for (int i = 0; i < count; i++) {
            all.addOutput("y" + i);
        }
        return new OneNode(all.build(), version);
    }

    /** All outputs, where inputs may be left out. */
    List<Value> runAll(List<Optional<Value>> inputs) {
        NodeProto.Builder called = node.toBuilder();
        GraphProto.Builder graph = GraphProto.newBuilder();
        for (int i = 0; i < inputs.size(); i++) {
            called.addInput(inputs.get(i).isPresent() ? "x" + i : "");
            if (inputs.get(i).isPresent()) {
                graph.addInput(ValueInfoProto.newBuilder().setName("x" + i));
            }
        }
        node.getOutputList().forEach(name -> graph.addOutput(ValueInfoProto.newBuilder().setName(name)));
        ModelProto model = ModelProto.newBuilder().setGraph(graph.addNode(called))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(version)).build();
        return OnnxModel.of(Path.of("one-node.onnx"), model)
                .compute(inputs.stream().flatMap(Optional::stream).toList());
    }

    /** All outputs. */
    List<Value> runAll(Value... inputs) {
        return runAll(Arrays.stream(inputs).map(Optional::of).toList());
    }

    /** The only output. */
    Value run(Value... inputs) {
        return runAll(inputs).getFirst();
    }

    /** The only output, of tensors whose types are those of their dtypes. */
    Tensor run(Tensor... inputs) {
        return run(Arrays.stream(inputs).map(Value::of).toArray(Value[]::new)).tensor();
    }
}
