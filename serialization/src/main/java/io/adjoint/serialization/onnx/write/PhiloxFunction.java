package io.adjoint.serialization.onnx.write;

import io.adjoint.serialization.onnx.operator.OwnOperators;
import io.adjoint.serialization.onnx.proto.AttributeProto;
import io.adjoint.serialization.onnx.proto.FunctionProto;
import io.adjoint.serialization.onnx.proto.NodeProto;
import io.adjoint.serialization.onnx.proto.OperatorSetIdProto;
import java.util.List;

/**
 * The generator Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011) as a function of ONNX operators, which a model has once
 * however often it draws: from a key {@code [seed, stream]}, a number of blocks and the high word of their counters, the low
 * words of which are 0, 1, ..., to {@code [blocks, 4]} words of 32 bits.
 * All is int64 and less than 2^49, where products are made of halves: ONNX Runtime does not multiply unsigned integers.
 */
final class PhiloxFunction {
    static final String NAME = "Philox4x32";

    private static final int ROUNDS = 10;
    private static final long HALF = 1L << 16;
    private static final long MASK = 0xFFFFFFFFL;
    /** In the order in which a round uses them. */
    private static final long[] MULTIPLIERS = {0xCD9E8D57L, 0xD2511F53L};
    private static final long[] WEYL = {0x9E3779B9L, 0xBB67AE85L};

    private final FunctionProto.Builder function =
            FunctionProto.newBuilder().setDomain(OwnOperators.DOMAIN).setName(NAME)
                    .setDocString("Philox 4x32-10: random words as a function of a key and a counter").addInput("key")
                    .addInput("blocks").addInput("attempt").addOutput("words");

    private PhiloxFunction() {}

    static FunctionProto of(int operatorSet) {
        PhiloxFunction philox = new PhiloxFunction();
        philox.write();
        return philox.function.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(operatorSet)).build();
    }

    private String node(String operator, List<String> inputs, AttributeProto... attributes) {
        return node(operator + "_" + function.getNodeCount(), operator, inputs, attributes);
    }

    private String node(String output, String operator, List<String> inputs, AttributeProto... attributes) {
        function.addNode(NodeProto.newBuilder().setOpType(operator).setName(output).addAllInput(inputs)
                .addOutput(output).addAllAttribute(List.of(attributes)));
        return output;
    }

    private String of(String operator, String left, String right) {
        return node(operator, List.of(left, right));
    }

    private String list(long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName("value_ints").setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return node("Constant", List.of(), attribute.build());
    }

    private String number(long value) {
        return node("Constant", List.of(), Attribute.of("value_int", value));
    }

    private String take(String x, String index, long axis) {
        return node("Gather", List.of(x, index), Attribute.of("axis", axis));
    }

    private String join(long axis, String left, String right) {
        return node("Concat", List.of(left, right), Attribute.of("axis", axis));
    }

    /** The words 0 and 2 of the counters are pairs, and so are 1 and 3: {@code [blocks, 2]}. */
    private void write() {
        String half = list(HALF);
        String mask = list(MASK);
        String low = of("BitwiseAnd", "key", mask);
        String high = of("BitwiseAnd", of("Div", of("Sub", "key", low), list(1L << 32)), mask);
        String first = list(0);
        String second = list(1);
        String key = join(0, take(low, first, 0), take(high, first, 0));
        String index = of("Unsqueeze", node("Range", List.of(number(0), "blocks", number(1))), second);
        String zeros = of("Mul", index, first);
        String even = join(1, index, of("Add", zeros, take(low, second, 0)));
        String odd = join(1, of("Add", zeros, "attempt"), of("Add", zeros, take(high, second, 0)));
        String multipliers = list(MULTIPLIERS);
        String turned = list(1, 0);
        for (int round = 0; round < ROUNDS; round++) {
            String factor = take(even, turned, 1);
            String lower = of("Mul", of("Mod", factor, half), multipliers);
            String upper =
                    of("Add", of("Mul", of("Div", factor, half), multipliers), of("Div", lower, half));
            String weyl = list(WEYL[0] * round & MASK, WEYL[1] * round & MASK);
            String roundKey = of("BitwiseAnd", of("Add", key, weyl), mask);
            even = of("BitwiseXor", of("BitwiseXor", of("Div", upper, half), odd), roundKey);
            odd = of("Add", of("Mul", of("Mod", upper, half), half), of("Mod", lower, half));
        }
        String last = list(2);
        String words = join(2, of("Unsqueeze", even, last), of("Unsqueeze", odd, last));
        node("words", "Reshape", List.of(words, list(-1, 4)));
    }
}
