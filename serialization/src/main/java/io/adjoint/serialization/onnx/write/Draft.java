package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.serialization.onnx.proto.NodeProto;
import java.util.List;
import java.util.SequencedMap;

/**
 * A graph in the operators of ONNX.
 *
 * @param nodes in order of computation
 * @param sections of the nodes, that are to be functions
 * @param constants what they use that is the same in every run, by name
 * @param variables the initializers, by name
 * @param inputs in order
 * @param outputs in order
 * @param values what else the nodes compute
 */
record Draft(List<NodeProto> nodes, List<Section> sections, SequencedMap<String, Tensor> constants,
        SequencedMap<String, Variable> variables,
        List<Term> inputs, List<Term> outputs, List<Term> values) {}
