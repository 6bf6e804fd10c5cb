package io.adjoint.autodiff.op;

import io.adjoint.autodiff.kernel.Epilogue;
import io.adjoint.autodiff.kernel.Keeping;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import java.util.List;

/**
 * Operations that can do more with each part of their result as soon as it is computed. The result is seen as matrices, one below the
 * other.
 */
public sealed interface Finishing permits MatMul, Finishing.OfImages {
    /** The axes of a result of so many axes that are the columns of the matrices: the last ones. */
    int columnAxes(int rank);

    /** The axes before these that count the rows of a matrix, so that each part lies within one or consists of whole ones. */
    int rowAxes(int rank);

    /**
     * {@link Op#prepare} for floats, with an epilogue.
     *
     * @param out contiguous, with an element or more
     * @param keeping whether a right factor stays packed, where there is one
     * @param epilogue what is done with the result part by part; its rows are those of all matrices, one below the other
     */
    @SuppressWarnings("exports")
    Launch prepareFinishing(List<Array> inputs, Array out, Keeping keeping, Epilogue epilogue);

    /** Those whose result is images: columns are elements, and rows the channels of an image. */
    sealed interface OfImages extends Finishing permits Convolution, ConvolutionInput {
        @Override
        default int columnAxes(int rank) {
            return rank - 2;
        }

        @Override
        default int rowAxes(int rank) {
            return 1;
        }
    }
}
