/** Every optimizer and transformation in one configuration or more, for the laws that hold for all of them. */
package io.adjoint.optim.samples;
