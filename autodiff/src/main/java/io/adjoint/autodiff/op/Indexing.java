package io.adjoint.autodiff.op;

/** Operations that move elements to places that depend on attributes or on an index tensor. */
public sealed interface Indexing extends Op
        permits Concat, Pad, Gather, ScatterMultiply, ScatterExtreme, EmbedDiagonal, LastPlaces, SortPlaces,
        SearchPlaces, ResolveIndex {}
