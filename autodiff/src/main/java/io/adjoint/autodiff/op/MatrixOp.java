package io.adjoint.autodiff.op;

/** Operations that need a whole matrix, or a whole line, at once: solutions, decompositions, Fourier transforms. */
public sealed interface MatrixOp extends Op permits Solve, TriangularSolve, Cholesky, Det, Cofactors, LogDet, QrFactors,
        EighFactors, SvdFactors, PseudoInverse, MatrixExp, Dft {}
