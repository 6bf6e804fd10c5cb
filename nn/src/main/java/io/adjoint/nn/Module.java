package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Variable;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * A node of the parameter tree: something that holds variables, directly or in parts of its own. A model is a record whose
 * components are its parts, and nothing else has to be declared:
 *
 * {@snippet :
 * record Net(Linear hidden, Dropout dropout, Linear output) implements Layer {
 *     public Tensor forward(Tensor x) {
 *         return output.forward(dropout.forward(hidden.forward(x).relu()));
 *     }
 * }
 * }
 *
 * Its variables have the paths {@code hidden.weight}, {@code hidden.bias}, {@code dropout.key}, {@code output.weight} and
 * {@code output.bias}, in this order, wherever a variable is named: in checkpoints, messages and optimizer state.
 */
public interface Module {
    /**
     * The parts by name, in order. A part is a {@link Variable}, a {@link Module}, or an {@code Optional}, {@code List},
     * array or {@code Map} of those; any other value is configuration. By default these are the components of a record,
     * read by reflection. A class that is not a record and holds parts says which by overriding this.
     *
     * @throws ShapeException if this is a class with parts that does not override this method, or a record in a package
     *     that is not open to {@code io.adjoint.nn}
     */
    default SequencedMap<String, Object> parts() {
        return Components.of(this);
    }

    /**
     * Every variable of this tree by its path, in the order of declaration. A path joins the names of the parts by dots;
     * the elements of a list are named by their index, those of a map by their key. A sequenced map keeps its order, any
     * other is read in the order of its keys. A variable that is shared appears once, under its first path.
     *
     * @throws ShapeException if two variables have one path
     */
    default SequencedMap<String, Variable> variables() {
        return VariableTree.of(this);
    }

    /** The variables that training improves, in the order of {@link #variables}. */
    default List<Variable> parameters() {
        return variables().values().stream().filter(v -> v.kind() == Variable.Kind.PARAMETER).toList();
    }

    /**
     * Runs a call of a part on behalf of the module around it: a refusal inside begins with the name of the part, so that
     * the message of a whole model names the path of what refused, and {@link Captures} can tell what the part returned.
     *
     * @param name what the part is called in the module around it
     */
    static <T> T within(String name, Supplier<T> call) {
        try {
            return Captures.within(name, call);
        } catch (ShapeException e) {
            throw e.within(name);
        }
    }
}
