package io.adjoint.autodiff;

import io.adjoint.autodiff.runtime.Recycler;
import io.adjoint.autodiff.tape.Internals;
import java.util.function.Supplier;

/**
 * Memory that is used again and again by a computation that is repeated, such as a training step. Without one, the
 * garbage collector has to find, clear and hand out fresh memory for each result, which for large tensors takes longer than
 * computing them.
 *
 * {@snippet :
 * Workspace workspace = new Workspace();
 * for (Batch batch : batches) {
 *     Tensor loss = workspace.compute(() -> optimizer.minimize(() -> loss(model, batch)));
 * }
 * }
 *
 * <p>A run ends the life of the tensors that were computed in it: reading one afterwards is refused, never answered with other
 * numbers. What lives on are the tensor that {@link #compute} returns, what variables hold and Java arrays. The value of a
 * {@link Variable} may be kept if it was read outside of runs. The results have the same bits as without a workspace.
 *
 * <p>A workspace keeps the memory that its last run needed. It serves one thread at a time; a run within a run, of whatever
 * workspace, is part of the outer one.
 */
public final class Workspace {
    private final Recycler recycler = new Recycler();

    /** A workspace without any memory yet. */
    public Workspace() {}

    /**
     * Runs the body and returns its result as a constant, which stays valid.
     *
     * @throws IllegalStateException if another thread runs this workspace
     */
    public Tensor compute(Supplier<Tensor> body) {
        if (Recycler.isOpen()) {
            return body.get().detached();
        }
        return recycler.run(() -> {
            Tensor result = body.get().detached();
            Internals.array(result).expose();
            return result;
        });
    }

    /**
     * Runs the body.
     *
     * @throws IllegalStateException if another thread runs this workspace
     */
    public void run(Runnable body) {
        if (Recycler.isOpen()) {
            body.run();
            return;
        }
        recycler.run(() -> {
            body.run();
            return true;
        });
    }
}
