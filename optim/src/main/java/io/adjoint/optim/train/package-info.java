/**
 * The training loop: begin with {@link io.adjoint.optim.train.Trainer}. A hand-written loop stays five lines, and everything here can
 * be used beside it.
 *
 * <p>What happens is told to {@link io.adjoint.optim.train.Listener}s: {@link io.adjoint.optim.train.ProgressLines} shows how far it
 * is, {@link io.adjoint.optim.train.RunLog} writes the history down, {@link io.adjoint.optim.train.Curves} draws it, {@link io.adjoint.optim.train.LivePage} shows it in a browser.
 */
package io.adjoint.optim.train;
