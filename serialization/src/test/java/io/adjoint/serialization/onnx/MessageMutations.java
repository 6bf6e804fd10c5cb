package io.adjoint.serialization.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Damages a message somewhere inside: the result is a message again, which means something else. */
final class MessageMutations {
    private static final long[] NUMBERS = {0, 1, 2, 3, 7, 8, 64, 65, 1000, -1, Integer.MAX_VALUE, 1L << 31, 1L << 32,
        Long.MAX_VALUE, Long.MIN_VALUE};
    private static final List<String> TEXTS = List.of("", "x", "y", "a", "w", "/etc/passwd", "../hostile.onnx",
            "a/../../b", ".", "hostile.onnx", "\0", "\n\u001b[2J", "n".repeat(100_000), "9223372036854775807", "-1",
            "1e9",
            "Loop", "Leaky", "own", "C:\\x", "\\\\server\\x", "dev/null", "/dev/zero");

    private MessageMutations() {}

    /** The message with one field, anywhere inside, set, cleared, doubled or exchanged. */
    static Message mutate(Random random, Message message) {
        Message.Builder builder = message.toBuilder();
        List<FieldDescriptor> set = new ArrayList<>(message.getAllFields().keySet());
        List<FieldDescriptor> inside =
                set.stream().filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE).toList();
        if (!inside.isEmpty() && random.nextInt(6) > 0) {
            FieldDescriptor field = inside.get(random.nextInt(inside.size()));
            if (field.isRepeated()) {
                int i = random.nextInt(message.getRepeatedFieldCount(field));
                builder.setRepeatedField(field, i, mutate(random, (Message) message.getRepeatedField(field, i)));
            } else {
                builder.setField(field, mutate(random, (Message) message.getField(field)));
            }
            return builder.build();
        }
        List<FieldDescriptor> all = random.nextInt(3) == 0 || set.isEmpty() ? message.getDescriptorForType().getFields()
                : set;
        if (all.isEmpty()) {
            return message;
        }
        FieldDescriptor field = all.get(random.nextInt(all.size()));
        if (field.isRepeated()) {
            mutateList(random, builder, field);
        } else if (random.nextInt(4) == 0) {
            builder.clearField(field);
        } else {
            builder.setField(field, value(random, builder, field));
        }
        return builder.build();
    }

    private static void mutateList(Random random, Message.Builder builder, FieldDescriptor field) {
        int n = builder.getRepeatedFieldCount(field);
        int i = n == 0 ? 0 : random.nextInt(n);
        switch (random.nextInt(n == 0 ? 2 : 6)) {
            case 0 -> builder.addRepeatedField(field, value(random, builder, field));
            case 1 -> {
                Object value = value(random, builder, field);
                for (int left = 1 << random.nextInt(10); left > 0; left--) {
                    builder.addRepeatedField(field, value);
                }
            }
            case 2 -> builder.setRepeatedField(field, i, value(random, builder, field));
            case 3 -> builder.addRepeatedField(field, builder.getRepeatedField(field, i));
            case 4 -> builder.setRepeatedField(field, i, builder.getRepeatedField(field, random.nextInt(n)));
            default -> {
                List<?> values = List.copyOf((List<?>) builder.getField(field));
                builder.clearField(field);
                for (int j = 0; j < n; j++) {
                    if (j != i) {
                        builder.addRepeatedField(field, values.get(j));
                    }
                }
            }
        }
    }

    private static Object value(Random random, Message.Builder builder, FieldDescriptor field) {
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        return switch (field.getJavaType()) {
            case INT -> (int) number;
            case LONG -> number;
            case FLOAT -> Float.intBitsToFloat(random.nextInt());
            case DOUBLE -> Double.longBitsToDouble(random.nextLong());
            case BOOLEAN -> random.nextBoolean();
            case STRING -> TEXTS.get(random.nextInt(TEXTS.size()));
            case BYTE_STRING -> ByteString.copyFrom(new byte[random.nextInt(40)]);
            case ENUM -> {
                List<EnumValueDescriptor> values = field.getEnumType().getValues();
                yield values.get(random.nextInt(values.size()));
            }
            case MESSAGE -> builder.newBuilderForField(field).build();
        };
    }
}
