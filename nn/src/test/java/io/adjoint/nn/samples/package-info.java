/** Modules in random configurations, for the laws that hold for every module, here and in the modules built on top. */
package io.adjoint.nn.samples;
