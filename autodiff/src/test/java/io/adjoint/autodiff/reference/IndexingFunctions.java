package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Functions that pick elements by number. */
final class IndexingFunctions {
    private IndexingFunctions() {}

    static void addTo(Functions table) {
        table.row("gather", a -> gather(a.tensor("input"), a.integer("dim"), a.tensor("index")),
                "input", "dim", "index");
        table.row("take_along_dim", a -> {
            if (!a.has("dim")) {
                return a.tensor("input").reshape(-1).gather(0, a.tensor("indices").reshape(-1));
            }
            Tensor x = a.tensor("input");
            Tensor index = a.tensor("indices");
            int axis = x.shape().axis("take_along_dim", a.integer("dim"));
            Shape around = Shape.broadcast("take_along_dim", x.shape().with(axis, 1), index.shape().with(axis, 1));
            return x.expand(around.with(axis, x.dim(axis))).gather(axis,
                    index.expand(around.with(axis, index.dim(axis))));
        }, "input", "indices", "dim");
        table.row("take", a -> {
            Tensor x = a.tensor("input").reshape(-1);
            Tensor index = a.tensor("index");
            Tensor fromFront = index.lt(0).where(index.add(x.size()), index);
            return x.gather(0, fromFront.reshape(-1)).reshape(index.shape());
        }, "input", "index");
        table.row("index_select", a -> {
            Tensor x = a.tensor("input");
            Tensor index = a.tensor("index").reshape(-1);
            Tensor selected = Functions.atLeastOneAxis(x).indexSelect(a.integer("dim"), index);
            return x.rank() == 0 ? selected.reshape(Shape.scalar()) : selected;
        }, "input", "dim", "index");
        table.row("scatter_add", a -> scatterAdd(a.tensor("input"), a.integer("dim"), a.tensor("index"),
                a.tensor("src")), "input", "dim", "index", "src");
        // an empty list there passes for an empty index of any rank
        table.onlyIf("scatter_add", a -> Stream.of("index", "src")
                .allMatch(name -> Math.max(1, a.tensor(name).rank()) == Math.max(1, a.tensor("input").rank())));
        table.onlyIf("gather", a -> Math.max(1, a.tensor("index").rank()) == Math.max(1, a.tensor("input").rank()));
        table.row("index_add", a -> {
            Tensor x = a.tensor("input");
            Tensor base = Functions.atLeastOneAxis(x);
            Tensor source = Functions.atLeastOneAxis(a.tensor("source")).mul(a.number("alpha", 1));
            Tensor index = a.tensor("index").reshape(Shape.of(a.tensor("index").size()));
            int axis = base.shape().axis("index_add", a.integer("dim"));
            int[] unit = IntStream.range(0, base.rank()).map(i -> i == axis ? index.size() : 1).toArray();
            return base.scatterAdd(axis, index.reshape(unit).expand(source.shape()), source).reshape(x.shape());
        }, "input", "dim", "index", "source", "alpha");
    }

    private static Tensor gather(Tensor x, int axis, Tensor index) {
        return Functions.atLeastOneAxis(x).gather(axis, Functions.atLeastOneAxis(index)).reshape(index.shape());
    }

    private static Tensor scatterAdd(Tensor base, int axis, Tensor index, Tensor source) {
        Tensor places = Functions.atLeastOneAxis(index);
        Tensor added = Functions.atLeastOneAxis(source);
        for (int i = 0; i < added.rank(); i++) {
            added = added.slice(i, 0, places.dim(i)); // there the source may be larger than the index
        }
        return Functions.atLeastOneAxis(base).scatterAdd(axis, places, added).reshape(base.shape());
    }
}
