/**
 * Tables of vectors that are looked up by number: a vector for each word, or for each bag of words.
 *
 * {@snippet :
 * Embedding words = Embedding.Config.of(10_000, 64).withPadding(0).create(rng);
 * Tensor vectors = words.forward(Tensor.of(new long[] {5, 17, 2, 0}, 1, 4)); // [1, 4, 64]
 * }
 */
package io.adjoint.nn.embedding;
