package io.adjoint.autodiff.op;

/** Operations on windows that slide over axes: convolution, its gradients, overlap-add, and the search of maxima. */
public sealed interface Windowed extends Op
        permits OverlapAdd, Convolution, ConvolutionInput, ConvolutionWeight, WindowMaxima {}
