/** The parameter tree, layers, initialisers and probability distributions. */
module io.adjoint.nn {
    requires transitive io.adjoint.autodiff;

    exports io.adjoint.nn;
    exports io.adjoint.nn.attention;
    exports io.adjoint.nn.embedding;
    exports io.adjoint.nn.loss;
    exports io.adjoint.nn.norm;
    exports io.adjoint.nn.probability;
    exports io.adjoint.nn.recurrent;
    exports io.adjoint.nn.spatial;
    exports io.adjoint.nn.uncertainty;
}
