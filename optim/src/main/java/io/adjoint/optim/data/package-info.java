/**
 * Data: read, checked, cut into batches.
 *
 * {@snippet :
 * Table table = Csv.of().withCategorical("species").read(Path.of("flowers.csv"));
 * Split<Table> tables = table.split(0.2, Rng.seed(1));
 * TableEncoder encoder = TableEncoder.fit(tables.training(), Target.category("species"), Missing.MEAN);
 * Dataset training = encoder.encode(tables.training());
 * for (Batch batch : training.batches(32, Rng.seed(2)).epoch(0)) { ... }
 * }
 *
 * {@link io.adjoint.optim.data.Examples} are numbered and made when they are asked for: a
 * {@link io.adjoint.optim.data.Dataset} in memory, an {@link io.adjoint.optim.data.ImageFolder},
 * {@link io.adjoint.optim.data.Sequences} of a text. {@link io.adjoint.optim.data.Batches} of them are functions of a random key,
 * the epoch and the number of the batch, so {@link io.adjoint.optim.data.Prefetch} may make them on other threads, and a
 * {@link io.adjoint.optim.data.Position} is all that a checkpoint has to hold.
 *
 * <p>Bad data are refused when they are read, before a training begins, by a {@link io.adjoint.optim.data.DataException} that
 * names file, line and column.
 */
package io.adjoint.optim.data;
