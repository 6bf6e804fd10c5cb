/** What all formats need of files: atomic writes, elements as bytes, names and failures in words. Not for users. */
package io.adjoint.serialization.file;
