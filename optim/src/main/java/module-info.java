/** Optimizers as chains of gradient transformations, schedules, and the training loop. */
module io.adjoint.optim {
    requires transitive io.adjoint.nn;
}
