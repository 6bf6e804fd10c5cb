package io.adjoint.autodiff.reference;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Distances;

/** Distances and similarities. */
final class DistanceFunctions {
    private DistanceFunctions() {}

    static void addTo(Functions table) {
        table.row("cdist", a -> Distances.all(a.tensor("x1"), a.tensor("x2"), a.number("p", 2)), "x1", "x2", "p");
        table.row("pdist", a -> Distances.ofPairs(a.tensor("input"), a.number("p", 2)), "input", "p");
        table.row("dist", a -> Distances.between(a.tensor("input"), a.tensor("other"), a.number("p", 2)), "input",
                "other", "p");
        table.row("cosine_similarity", a -> Distances.cosine(a.tensor("x1"), a.tensor("x2"), a.integer("dim", 1),
                a.number("eps", 1e-8)), "x1", "x2", "dim", "eps");
        table.row("pairwise_distance", a -> {
            Tensor distance = Distances.pairwise(a.tensor("x1"), a.tensor("x2"), a.number("p", 2),
                    a.number("eps", 1e-6));
            return a.flag("keepdim", false) ? distance.unsqueeze(-1) : distance;
        }, "x1", "x2", "p", "keepdim", "eps");
    }
}
