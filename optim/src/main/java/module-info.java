/** Optimizers as chains of gradient transformations, schedules, data, metrics, and the training loop. */
module io.adjoint.optim {
    requires transitive io.adjoint.nn;
    requires de.siegmar.fastcsv;
    // Optional, for the page that shows a training.
    requires static jdk.httpserver;
    // Optional, for images alone: it is most of a small run-time image.
    requires static java.desktop;

    exports io.adjoint.optim;
    exports io.adjoint.optim.data;
    exports io.adjoint.optim.metric;
    exports io.adjoint.optim.schedule;
    exports io.adjoint.optim.train;
    exports io.adjoint.optim.transform;

    // The state of an optimizer is a parameter tree, read off its records; so is that of fitted data.
    opens io.adjoint.optim to io.adjoint.nn;
    opens io.adjoint.optim.data to io.adjoint.nn;
    opens io.adjoint.optim.schedule to io.adjoint.nn;
    opens io.adjoint.optim.stage to io.adjoint.nn;
    opens io.adjoint.optim.train to io.adjoint.nn;
    opens io.adjoint.optim.transform to io.adjoint.nn;
}
