package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Several tensors made into one, beyond {@link Tensor#concat} and {@link Tensor#stack}, or into a grid. */
public final class Joining {
    private Joining() {}

    /** Which axes of a grid belong to the first two lists. */
    public enum Indexing {
        /** The first list runs along axis 0, the second along axis 1: matrix order. */
        IJ,
        /** The first list runs along axis 1, the second along axis 0: x and y. */
        XY
    }

    /** Tensors one after the other along axis 1, vectors along axis 0, as {@code torch.hstack}; scalars count as vectors. */
    public static Tensor hstack(Tensor... tensors) {
        Tensor[] lifted = lifted("hstack", tensors, 1);
        return Tensor.concat(lifted[0].rank() == 1 ? 0 : 1, lifted);
    }

    /** Tensors one below the other along axis 0, vectors as rows, as {@code torch.vstack}. */
    public static Tensor vstack(Tensor... tensors) {
        return Tensor.concat(0, lifted("vstack", tensors, 2));
    }

    /** Tensors one behind the other along axis 2, {@code [n]} as {@code [1, n, 1]}, as {@code torch.dstack}. */
    public static Tensor dstack(Tensor... tensors) {
        return Tensor.concat(2, lifted("dstack", tensors, 3));
    }

    private static Tensor[] lifted(String name, Tensor[] tensors, int rank) {
        if (tensors.length == 0) {
            throw ShapeException.of(name, "nothing to join").expected("one tensor or more");
        }
        return Arrays.stream(tensors).map(x -> switch (rank - x.rank()) {
            case 1 -> x.unsqueeze(rank == 3 ? -1 : 0);
            case 2 -> rank == 2 ? x.reshape(1, 1) : x.unsqueeze(0).unsqueeze(-1);
            case 3 -> x.reshape(1, 1, 1);
            default -> x;
        }).toArray(Tensor[]::new);
    }

    /**
     * A matrix of zeros with these matrices on its diagonal, one after the other, as {@code torch.block_diag}; a vector counts
     * as a row, a scalar as one element.
     *
     * @throws ShapeException if a rank is above 2
     */
    public static Tensor blockDiag(Tensor... tensors) {
        if (tensors.length == 0) {
            return Tensor.zeros(1, 0);
        }
        DType dtype = Arrays.stream(tensors).map(Tensor::dtype).reduce(DType.BOOL, DType::promote);
        Tensor[] blocks = lifted("block_diag", tensors, 2);
        int width = 0;
        for (Tensor block : blocks) {
            if (block.rank() != 2) {
                throw ShapeException.of("block_diag", "not a matrix").operand("block", block.shape())
                        .expected("rank 2 at most");
            }
            width = Math.addExact(width, block.dim(1));
        }
        Tensor[] rows = new Tensor[blocks.length];
        int before = 0;
        for (int i = 0; i < blocks.length; i++) {
            rows[i] = blocks[i].cast(dtype).pad(1, before, width - before - blocks[i].dim(1), 0);
            before += blocks[i].dim(1);
        }
        return Tensor.concat(0, rows);
    }

    /**
     * Every combination of an element of each list, a row each, the last list running fastest, as {@code
     * torch.cartesian_prod}; of a single list the list itself.
     *
     * @throws ShapeException if there is no list, or a tensor is not of rank 1
     */
    public static Tensor cartesianProduct(Tensor... lists) {
        if (lists.length == 0) {
            throw ShapeException.of("cartesian_product", "nothing to combine").expected("one list or more");
        }
        for (Tensor list : lists) {
            if (list.rank() != 1) {
                throw ShapeException.of("cartesian_product", "not a list").operand("tensor", list.shape())
                        .expected("rank 1");
            }
        }
        return lists.length == 1 ? lists[0]
                : Tensor.stack(1, meshgrid(Indexing.IJ, lists).stream().map(x -> x.reshape(Shape.of(x.size())))
                        .toArray(Tensor[]::new));
    }

    /**
     * The coordinates of a grid: for each list a tensor of the grid's shape with the list's element at each place, as {@code
     * torch.meshgrid}; views, whose gradients are summed over the other axes.
     *
     * @param lists of rank 1 or scalars
     * @throws ShapeException if a rank is above 1, or dtypes differ
     */
    public static List<Tensor> meshgrid(Indexing indexing, Tensor... lists) {
        for (Tensor list : lists) {
            if (list.rank() > 1 || list.dtype() != lists[0].dtype()) {
                throw ShapeException.of("meshgrid", "not lists of one dtype").operand("list", list.spec())
                        .expected("rank 0 or 1, " + lists[0].dtype());
            }
        }
        Shape grid = Shape.of(Arrays.stream(lists).mapToInt(Tensor::size).toArray());
        return IntStream.range(0, lists.length).mapToObj(i -> {
            int[] dims = IntStream.range(0, lists.length).map(axis -> axis == i ? lists[i].size() : 1).toArray();
            Tensor spread = lists[i].reshape(Shape.of(dims)).expand(grid);
            return switch (indexing) {
                case IJ -> spread;
                case XY -> lists.length > 1 ? spread.transpose(0, 1) : spread;
            };
        }).toList();
    }
}
