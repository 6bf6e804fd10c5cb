/** The tool that looks at model files and makes others of them. */
package io.adjoint.examples.model;
