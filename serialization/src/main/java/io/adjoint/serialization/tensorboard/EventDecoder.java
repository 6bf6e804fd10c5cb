package io.adjoint.serialization.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.tensorboard.proto.DataType;
import io.adjoint.serialization.tensorboard.proto.Event;
import io.adjoint.serialization.tensorboard.proto.GraphDef;
import io.adjoint.serialization.tensorboard.proto.HistogramProto;
import io.adjoint.serialization.tensorboard.proto.NodeDef;
import io.adjoint.serialization.tensorboard.proto.SessionLog;
import io.adjoint.serialization.tensorboard.proto.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes events of records. A parsed message can take many times its bytes; so summaries and graphs are taken apart one element at a
 * time, and an element is parsed only if its bytes are few, or an image's.
 */
final class EventDecoder {
    private static final Parser<Event> EVENTS = DiscardUnknownFieldsParser.wrap(Event.parser());
    private static final Parser<Summary.Value> VALUES = DiscardUnknownFieldsParser.wrap(Summary.Value.parser());
    private static final Parser<NodeDef> NODES = DiscardUnknownFieldsParser.wrap(NodeDef.parser());

    /** The lower bits of a tag, which are the type of its field on the wire. */
    private static final int TAG_TYPE_BITS = 3;

    private final Path file;
    private final Consumer<LoggedEvent> sink;

    EventDecoder(Path file, Consumer<LoggedEvent> sink) {
        this.file = file;
        this.sink = sink;
    }

    /** Refuses what does not begin as an event file of the one version there is. */
    void first(byte[] record, int length) {
        Event event = parse(EVENTS, UnsafeByteOperations.unsafeWrap(record, 0, length));
        if (event.getWhatCase() != Event.WhatCase.FILE_VERSION) {
            throw damaged("its first record does not tell a version");
        }
        if (!event.getFileVersion().equals(EventFile.VERSION)) {
            throw damaged("its version is not " + EventFile.VERSION);
        }
    }

    void next(byte[] record, int length) {
        Event event = parse(EVENTS, UnsafeByteOperations.unsafeWrap(record, 0, length));
        Instant time = Times.of(event.getWallTime())
                .orElseThrow(() -> damaged("the time of an event is not one of the years 1970 to 9999"));
        long step = event.getStep();
        switch (event.getWhatCase()) {
            case SUMMARY -> elements(event.getSummary(), Summary.VALUE_FIELD_NUMBER, value -> value(time, step, value));
            case GRAPH_DEF -> sink.accept(new LoggedEvent.Graph(time, step, nodes(event.getGraphDef())));
            case SESSION_LOG -> sink.accept(event.getSessionLog().getStatus() == SessionLog.Status.START
                    ? new LoggedEvent.Restart(time, step)
                    : new LoggedEvent.Other(time, step, ""));
            case FILE_VERSION, WHAT_NOT_SET -> sink.accept(new LoggedEvent.Other(time, step, ""));
        }
    }

    private void value(Instant time, long step, ByteString bytes) {
        if (bytes.size() > Limits.VALUE && !isImage(bytes)) {
            throw damaged("a value that is no image claims " + bytes.size() + " bytes where at most " + Limits.VALUE
                    + " may stand");
        }
        Summary.Value value = parse(VALUES, bytes);
        String tag = value.getTag();
        if (tag.isEmpty()) {
            throw damaged("a value has no tag");
        }
        sink.accept(switch (value.getValueCase()) {
            case SIMPLE_VALUE -> new LoggedEvent.Scalar(time, step, tag, value.getSimpleValue());
            case HISTO -> histogram(time, step, tag, value.getHisto());
            case IMAGE -> image(time, step, tag, value.getImage());
            case TENSOR -> isText(value)
                    ? new LoggedEvent.Text(time, step, tag, value.getTensor().getStringVal(0).toStringUtf8())
                    : new LoggedEvent.Other(time, step, tag);
            case VALUE_NOT_SET -> new LoggedEvent.Other(time, step, tag);
        });
    }

    /** Whether all but few of the bytes are in fields that are images. */
    private boolean isImage(ByteString value) {
        long[] inImages = {0};
        elements(value, Summary.Value.IMAGE_FIELD_NUMBER, image -> inImages[0] += image.size());
        return value.size() - inImages[0] <= Limits.VALUE;
    }

    private static boolean isText(Summary.Value value) {
        return value.getMetadata().getPluginData().getPluginName().equals(Values.TEXT)
                && value.getTensor().getDtype() == DataType.DT_STRING && value.getTensor().getStringValCount() == 1;
    }

    private LoggedEvent histogram(Instant time, long step, String tag, HistogramProto histogram) {
        if (histogram.getBucketCount() != histogram.getBucketLimitCount()) {
            throw damaged("a histogram has " + histogram.getBucketCount() + " buckets and "
                    + histogram.getBucketLimitCount() + " limits of buckets");
        }
        List<LoggedEvent.Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < histogram.getBucketCount(); i++) {
            buckets.add(new LoggedEvent.Bucket(histogram.getBucketLimit(i), histogram.getBucket(i)));
        }
        return new LoggedEvent.Histogram(time, step, tag, histogram.getMin(), histogram.getMax(), histogram.getNum(),
                histogram.getSum(), histogram.getSumSquares(), buckets);
    }

    private static LoggedEvent image(Instant time, long step, String tag, Summary.Image image) {
        return new LoggedEvent.Image(time, step, tag, image.getHeight(), image.getWidth(), image.getColorspace(),
                image.getEncodedImageString().asReadOnlyByteBuffer());
    }

    private List<LoggedEvent.Node> nodes(ByteString graph) {
        List<LoggedEvent.Node> nodes = new ArrayList<>();
        long[] edges = {0};
        elements(graph, GraphDef.NODE_FIELD_NUMBER, bytes -> {
            if (bytes.size() > Limits.NODE) {
                throw damaged("a node of a graph claims " + bytes.size() + " bytes where at most " + Limits.NODE
                        + " may stand");
            }
            NodeDef node = parse(NODES, bytes);
            edges[0] += node.getInputCount();
            if (nodes.size() == Limits.NODES || edges[0] > Limits.EDGES) {
                throw damaged("a graph has more than " + Limits.NODES + " nodes or " + Limits.EDGES + " edges");
            }
            nodes.add(new LoggedEvent.Node(node.getName(), node.getOp(), node.getInputList()));
        });
        return nodes;
    }

    /** The bytes of each element of a repeated field of messages; other fields are passed over. */
    private void elements(ByteString message, int field, Consumer<ByteString> body) {
        CodedInputStream in = message.newCodedInput();
        in.enableAliasing(true);
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == (field << TAG_TYPE_BITS | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                    body.accept(in.readBytes());
                } else if (!in.skipField(tag)) {
                    throw damaged("a record is not well-formed");
                }
            }
        } catch (IOException e) {
            throw damaged("a record is not well-formed");
        }
    }

    private <T> T parse(Parser<T> parser, ByteString bytes) {
        try {
            CodedInputStream in = bytes.newCodedInput();
            in.enableAliasing(true);
            T message = parser.parseFrom(in);
            in.checkLastTagWas(0);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw damaged("a record is not well-formed");
        }
    }

    private ModelFileException damaged(String problem) {
        return damaged(file, problem);
    }

    static ModelFileException damaged(Path file, String problem) {
        return new ModelFileException(file, problem, "restore the file from a copy, or delete it and train again");
    }
}
