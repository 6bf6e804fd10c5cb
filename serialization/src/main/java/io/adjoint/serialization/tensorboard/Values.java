package io.adjoint.serialization.tensorboard;

import com.google.protobuf.ByteString;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.tensorboard.proto.DataClass;
import io.adjoint.serialization.tensorboard.proto.DataType;
import io.adjoint.serialization.tensorboard.proto.Summary;
import io.adjoint.serialization.tensorboard.proto.SummaryMetadata;
import io.adjoint.serialization.tensorboard.proto.TensorProto;
import io.adjoint.serialization.tensorboard.proto.TensorShapeProto;

/** What summaries consist of. */
final class Values {
    /** The part of TensorBoard that shows texts. */
    static final String TEXT = "text";

    private Values() {}

    static ByteString scalar(String tag, double value) {
        return summary(tagged(tag).setSimpleValue((float) value));
    }

    static ByteString histogram(String tag, Tensor tensor) {
        Buckets buckets = Buckets.of(tensor);
        Summary.Value.Builder histogram = tagged(tag).setHisto(buckets.proto());
        return buckets.others() == 0 ? summary(histogram)
                : summary(histogram, tagged(tag + "/not finite").setSimpleValue(buckets.others()));
    }

    static ByteString image(String tag, Tensor image) {
        return summary(tagged(tag).setImage(Png.of(image)));
    }

    static ByteString text(String tag, String markdown) {
        requireUnicode("text", markdown);
        TensorProto text = TensorProto.newBuilder().setDtype(DataType.DT_STRING)
                .setTensorShape(TensorShapeProto.getDefaultInstance()).addStringVal(ByteString.copyFromUtf8(markdown))
                .build();
        SummaryMetadata metadata = SummaryMetadata.newBuilder().setDataClass(DataClass.DATA_CLASS_TENSOR)
                .setPluginData(SummaryMetadata.PluginData.newBuilder().setPluginName(TEXT)).build();
        Summary.Value.Builder value = tagged(tag).setMetadata(metadata).setTensor(text);
        if (value.build().getSerializedSize() > Limits.VALUE) {
            throw ShapeException.of("event file", "a text is too long").operand("characters", markdown.length())
                    .expected("at most " + Limits.VALUE + " bytes with its tag");
        }
        return summary(value);
    }

    private static Summary.Value.Builder tagged(String tag) {
        requireUnicode("tag", tag);
        if (tag.isEmpty() || tag.length() > Limits.TAG) {
            throw ShapeException.of("event file", "no such tag").operand("characters", tag.length())
                    .expected("1 to " + Limits.TAG);
        }
        return Summary.Value.newBuilder().setTag(tag);
    }

    private static void requireUnicode(String what, String text) {
        if (!Names.isStorable(text)) {
            throw ShapeException.of("event file", "half a character").operand(what, Names.quote(text))
                    .expected("text without lone surrogates");
        }
    }

    static long requireStep(long step) {
        if (step < 0) {
            throw ShapeException.of("event file", "no such step").operand("step", step).expected("0 or more");
        }
        return step;
    }

    private static ByteString summary(Summary.Value.Builder... values) {
        Summary.Builder summary = Summary.newBuilder();
        for (Summary.Value.Builder value : values) {
            summary.addValue(value);
        }
        return summary.build().toByteString();
    }
}
