/**
 * How sure a model is, and whether it is right to be: repeated predictions ({@link io.adjoint.nn.uncertainty.MonteCarloDropout},
 * {@link io.adjoint.nn.uncertainty.DeepEnsemble}), calibration ({@link io.adjoint.nn.uncertainty.ReliabilityDiagram}, {@link
 * io.adjoint.nn.uncertainty.TemperatureScaling}) and sets and intervals that hold the truth as often as promised ({@link
 * io.adjoint.nn.uncertainty.ConformalClassifier}, {@link io.adjoint.nn.uncertainty.ConformalRegressor}).
 *
 * {@snippet :
 * ClassPredictions predictions = MonteCarloDropout.classify(model, images, 50, Rng.seed(1));
 * Tensor doubtful = predictions.mutualInformation().gt(0.3);
 * }
 */
package io.adjoint.nn.uncertainty;
