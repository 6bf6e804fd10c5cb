package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.ScatterAdd;
import io.adjoint.autodiff.op.View;
import java.util.Optional;

/**
 * A product of rows that were looked up in a table, which a walk takes for rows looked up in the product of the table: the
 * cotangents of all places of a row are added up first, in the order of the places, and what flows to the factors is made of these sums. So both are
 * products with as many rows as the table has, not as there are places.
 */
final class TableProduct {
    private final Visit product;
    private final Visit table;
    private final LookedUp rows;

    private TableProduct(Visit product, Visit table, LookedUp rows) {
        this.product = product;
        this.table = table;
        this.rows = rows;
    }

    /** The product on a walk, if it is one that takes less time so, and nobody asks for the cotangent of the rows. */
    static Optional<TableProduct> of(Visit visit) {
        if (!(visit.node.op().orElse(null) instanceof MatMul product) || !product.multipliesRows()
                || visit.parent(0) == null || visit.node.inputSpec(1).shape().rank() != 2) {
            return Optional.empty();
        }
        return behind(visit, visit.parent(0))
                .filter(found -> LookedUp.isWorthAProduct(found.rows.table().shape(), found.rows.index().shape()));
    }

    private static Optional<TableProduct> behind(Visit product, Visit factor) {
        if (factor.isTarget) {
            return Optional.empty();
        }
        Node node = factor.node;
        if (node.lookedUp() != null) {
            return Optional.of(new TableProduct(product, factor.parent(0), node.lookedUp()));
        }
        return node.op().orElse(null) instanceof View view
                ? view.ofRows(node.inputSpec(0).shape())
                        .flatMap(ofIndex -> behind(product, factor.parent(0)).map(found -> found.seen(ofIndex)))
                : Optional.empty();
    }

    private TableProduct seen(View ofIndex) {
        return new TableProduct(product, table, new LookedUp(rows.table(), ofIndex.apply(rows.index())));
    }

    /** The visit of the table's product. */
    Visit visit(Tape.Order order) {
        Tensor values = order == Tape.Order.FIRST ? rows.table().detached() : rows.table();
        return product.onOther(table, product.leadsOn(1) ? inUse(values) : values);
    }

    /** The table with zeros for rows that nobody looked up: what they hold may be NaN, which a sum of zero would not undo. */
    private Tensor inUse(Tensor values) {
        Tensor ones = Tensor.full(Shape.of(rows.index().size(), 1), values.dtype(), 1);
        return sums(ones).gt(0).where(values, 0);
    }

    /** The sum for each row of the table of what its places have. */
    Tensor sums(Tensor ofPlaces) {
        int places = rows.index().size();
        int columns = ofPlaces.dim(-1);
        Tensor zeros = Tensor.full(Shape.of(rows.table().dim(0), columns), ofPlaces.dtype(), 0); // one number, stretched
        Tensor index = rows.index().reshape(Shape.of(places, 1)).expand(Shape.of(places, columns));
        return new ScatterAdd(0).apply(zeros, index, ofPlaces.reshape(Shape.of(places, columns)));
    }
}
