package io.adjoint.optim.metric;

/** How the figures of several classes become one. */
public enum Average {
    /** Over all examples, whatever their class. */
    MICRO,
    /** The mean of the classes, each counting the same; those that no target and no prediction names are left out. */
    MACRO,
    /** The mean of the classes, each counting as often as targets name it. */
    WEIGHTED
}
