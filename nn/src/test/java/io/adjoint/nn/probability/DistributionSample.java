package io.adjoint.nn.probability;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A distribution as a function of parameters, and what is known of it.
 *
 * @param parameters F64, of a batch of shape []
 * @param make the distribution of such parameters
 * @param all what integrals or sums over all values are taken with
 * @param outside values that are impossible
 * @param refused what is not known in closed form
 * @param ends of the support if its cdf is checked against integrals; none if draws are discrete or no numbers
 * @param marginals functions of a draw that are numbers, by their distribution, for draws that are none
 */
record DistributionSample(List<Tensor> parameters, Function<List<Tensor>, Distribution> make, Quadrature all,
        List<Tensor> outside, Set<String> refused, double[] ends,
        Map<UnaryOperator<Tensor>, Distribution> marginals) {

    static DistributionSample continuous(Function<List<Tensor>, Distribution> make, double[] ends,
            List<Double> outside, Set<String> refused, double... parameters) {
        return new DistributionSample(scalars(parameters), make, Quadrature.between(ends),
                outside.stream().map(x -> Tensor.scalar(x, DType.F64)).toList(), refused, ends, Map.of());
    }

    static DistributionSample counts(Function<List<Tensor>, Distribution> make, int most, Set<String> refused,
            double... parameters) {
        return new DistributionSample(scalars(parameters), make, Quadrature.counts(most),
                List.of(Tensor.scalar(-1, DType.F64), Tensor.scalar(0.5, DType.F64)), refused, new double[0],
                Map.of());
    }

    static List<Tensor> scalars(double... numbers) {
        return Arrays.stream(numbers).mapToObj(x -> Tensor.scalar(x, DType.F64)).toList();
    }

    Distribution distribution() {
        return make.apply(parameters);
    }

    boolean isContinuousNumber() {
        return ends.length > 0;
    }

    @Override
    public String toString() {
        return distribution().getClass().getSimpleName() + parameters.stream().map(Tensor::toString).toList();
    }
}
