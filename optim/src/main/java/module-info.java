/** Optimizers as chains of gradient transformations, schedules, and the training loop. */
module io.adjoint.optim {
    requires transitive io.adjoint.nn;

    exports io.adjoint.optim;

    // The state of an optimizer is a parameter tree, read off its records.
    opens io.adjoint.optim to io.adjoint.nn;
}
