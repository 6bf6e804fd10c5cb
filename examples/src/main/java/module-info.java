/** Runnable programs on real data. */
module io.adjoint.examples {
    requires info.picocli;
    requires io.adjoint.serialization;

    opens io.adjoint.examples to info.picocli;
    opens io.adjoint.examples.model to info.picocli;
}
