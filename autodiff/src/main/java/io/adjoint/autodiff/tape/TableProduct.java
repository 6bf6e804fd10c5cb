package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.ScatterAdd;
import io.adjoint.autodiff.op.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A product of rows that were looked up in a table, which a walk of first order takes for rows looked up in the product of the
 * table: the cotangents of all places of a row are added up first, in the order of the places, and what flows to the factors is
 * made of these sums. So both are products with as many rows as the table has, not as there are places. A walk of every order
 * goes along the rows, for a later one may ask for theirs.
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

    /** The product on a walk, if it is one that takes less time so, and the walk is not made for the rows. */
    static Optional<TableProduct> of(Visit visit, Tape.Order order) {
        if (order == Tape.Order.ANY || !(visit.node.op().orElse(null) instanceof MatMul product)
                || !product.multipliesRows() || visit.parent(0) == null
                || visit.node.inputSpec(1).shape().rank() != 2) {
            return Optional.empty();
        }
        List<View> views = new ArrayList<>();
        Visit factor = visit.parent(0);
        while (!factor.isTarget && factor.node.lookedUp() == null) {
            Optional<View> ofIndex = factor.node.op().orElse(null) instanceof View view
                    ? view.ofRows(factor.node.inputSpec(0).shape()) : Optional.empty();
            if (ofIndex.isEmpty()) {
                return Optional.empty();
            }
            views.addFirst(ofIndex.get());
            factor = factor.parent(0);
        }
        Shape shape = visit.node.inputSpec(0).shape();
        if (factor.isTarget
                || !LookedUp.isWorthAProduct(factor.node.lookedUp().table().shape(), shape.size() / shape.dim(-1))) {
            return Optional.empty();
        }
        Tensor index = factor.node.lookedUp().index();
        for (View view : views) {
            index = view.apply(index);
        }
        return Optional.of(new TableProduct(visit, factor.parent(0),
                new LookedUp(factor.node.lookedUp().table(), index)));
    }

    /** The visit of the table's product. */
    Visit visit(Tensor used) {
        Tensor values = rows.table().detached();
        return product.onOther(table, product.leadsOn(1) ? ofUsed(used, values) : values);
    }

    /** Which rows of the table were looked up. */
    Tensor used() {
        return sums(Tensor.full(Shape.of(rows.index().size(), 1), rows.table().dtype(), 1)).gt(0);
    }

    /** Rows of the table, but zeros for those that nobody looked up: what a sum of zero is multiplied with may be NaN. */
    Tensor ofUsed(Tensor used, Tensor values) {
        return used.where(values, 0);
    }

    /** What all places of each row have, added up. */
    Tensor sums(Tensor ofPlaces) {
        int places = rows.index().size();
        int columns = ofPlaces.dim(-1);
        Tensor zeros = Tensor.full(Shape.of(rows.table().dim(0), columns), ofPlaces.dtype(), 0); // one number, stretched
        Tensor index = rows.index().reshape(Shape.of(places, 1)).expand(Shape.of(places, columns));
        return new ScatterAdd(0).apply(zeros, index, ofPlaces.reshape(Shape.of(places, columns)));
    }
}
