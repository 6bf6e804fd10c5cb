package io.adjoint.serialization.onnx.operator;

/** Images: resizing, grids, regions. */
final class ImageOperators {
    private ImageOperators() {}

    static void addTo(OperatorTable table) {}
}
