package io.adjoint.nn.recurrent;

/** In which directions a recurrent layer reads a sequence. */
public enum Directions {
    /** From the first step to the last. */
    FORWARD(1),
    /** Both ways, by two cells; the outputs of both stand beside each other, those of the forward one first. */
    BOTH(2);

    private final int count;

    Directions(int count) {
        this.count = count;
    }

    /** How many cells a layer has. */
    public int count() {
        return count;
    }
}
