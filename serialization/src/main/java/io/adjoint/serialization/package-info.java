/**
 * Models and training state as files.
 *
 * {@snippet :
 * Sequential model = Sequential.of(Linear.of(64, 10, Rng.seed(1)));
 * Checkpoint.save(Path.of("digits.adjoint"), model, Map.of("epoch", "12"));
 *
 * Sequential again = Sequential.of(Linear.of(64, 10, Rng.seed(2)));
 * Map<String, String> metadata = Checkpoint.load(Path.of("digits.adjoint"), again);
 * }
 *
 * A {@link io.adjoint.serialization.Checkpoint} keeps the values of a tree of variables, to the bit; the code that builds
 * the model is not part of the file. A record of model, optimizer and the like is such a tree too:
 * {@code record Training(Net model, Optimizer optimizer, Cursor data, Variable key) implements Module {}} is saved in one call,
 * and goes on to the bit. A {@link io.adjoint.serialization.Match} loads a part, or under other names. {@link io.adjoint.serialization.Checkpoint#read} looks into a file without a model.
 * Whatever is wrong with a file is told by one {@link io.adjoint.serialization.ModelFileException} whose message is a
 * sentence to show to people.
 */
package io.adjoint.serialization;
