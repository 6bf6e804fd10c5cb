package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Op;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads what {@link Graph#toString} printed. The text names operations, attributes, specs and steps; the values of constants
 * and the variables are those of the graph that was printed.
 */
public final class GraphParser {
    private static final Map<String, Catalogue.Entry> OPERATIONS = Catalogue.entries().stream()
            .collect(Collectors.toMap(Catalogue.Entry::id, Function.identity()));

    private final List<Graph.Constant> constants;
    private final List<Variable> variables;
    private final List<Graph.Step> steps = new ArrayList<>();
    private final List<Graph.Update> updates = new ArrayList<>();
    private final List<Integer> outputs = new ArrayList<>();
    private int nextConstant;
    private String line = "";
    private int at;

    private GraphParser(Graph original) {
        constants = original.steps().stream().filter(Graph.Constant.class::isInstance).map(Graph.Constant.class::cast)
                .toList();
        Set<Variable> met = new LinkedHashSet<>();
        original.steps().forEach(step -> {
            if (step instanceof Graph.Read(Variable variable)) {
                met.add(variable);
            }
        });
        original.updates().forEach(update -> met.add(update.variable()));
        variables = List.copyOf(met);
    }

    /** The graph of a text, with constants and variables of the graph that was printed. */
    public static Graph parse(String text, Graph original) {
        GraphParser parser = new GraphParser(original);
        text.lines().forEach(parser::parseLine);
        return new Graph(parser.steps, parser.outputs, parser.updates);
    }

    private void parseLine(String next) {
        line = next;
        at = 0;
        if (accept("return")) {
            while (at < line.length()) {
                accept(",");
                outputs.add(step());
            }
        } else if (accept("$")) {
            Variable variable = variables.get(number());
            expect(" <- ");
            updates.add(new Graph.Update(variable, step()));
        } else {
            if (step() != steps.size()) {
                throw failure("step " + steps.size());
            }
            expect(" = ");
            steps.add(parseStep());
        }
        if (at < line.length()) {
            throw failure("the end of the line");
        }
    }

    private Graph.Step parseStep() {
        if (accept("input ")) {
            int number = number();
            expect(" ");
            return new Graph.Input(number, spec());
        }
        if (accept("read $")) {
            Variable variable = variables.get(number());
            expect(" " + variable.spec());
            return new Graph.Read(variable);
        }
        if (accept("constant")) {
            Graph.Constant constant = constants.get(nextConstant++);
            at = line.length() - constant.spec().toString().length() - 1;
            expect(" " + constant.spec());
            return constant;
        }
        Op op = operation(word());
        List<Integer> inputs = new ArrayList<>();
        expect("(");
        while (!accept(")")) {
            accept(", ");
            inputs.add(step());
        }
        expect(" ");
        return new Graph.Apply(op, inputs, spec(), Optional.empty());
    }

    private Op operation(String id) {
        Catalogue.Entry entry = OPERATIONS.get(id);
        if (entry == null) {
            throw failure("an operation");
        }
        if (entry.type().isEnum()) {
            return Arrays.stream(entry.type().getEnumConstants()).map(Op.class::cast).filter(op -> op.id().equals(id))
                    .findAny().orElseThrow();
        }
        return (Op) (entry.type().getRecordComponents().length == 0 ? make(entry.type(), List.of())
                : record(entry.type()));
    }

    // ---- attributes

    private Object record(Class<?> type) {
        List<Object> values = new ArrayList<>();
        expect("{");
        for (RecordComponent component : type.getRecordComponents()) {
            expect((values.isEmpty() ? "" : ", ") + component.getName() + "=");
            values.add(value(component.getGenericType()));
        }
        expect("}");
        return make(type, values);
    }

    private static Object make(Class<?> type, List<Object> values) {
        try {
            Class<?>[] parameters = Arrays.stream(type.getRecordComponents()).map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor.newInstance(values.toArray());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(type.toString(), e);
        }
    }

    private Object value(Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return list(list.getActualTypeArguments()[0]);
        }
        return switch (type) {
            case Class<?> shape when shape == Shape.class -> shape();
            case Class<?> text when text == String.class -> quoted();
            case Class<?> record when record.isRecord() -> record(record);
            case Class<?> plain -> plain(plain, word());
            default -> throw new AssertionError("attributes of type " + type + " cannot be read");
        };
    }

    private static Object plain(Class<?> type, String word) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).filter(each -> ((Enum<?>) each).name().equals(word)).findAny()
                    .orElseThrow();
        }
        return switch (type.getName()) {
            case "int", "java.lang.Integer" -> Integer.valueOf(word);
            case "long", "java.lang.Long" -> Long.valueOf(word);
            case "float", "java.lang.Float" -> Float.valueOf(word);
            case "double", "java.lang.Double" -> Double.valueOf(word);
            case "boolean", "java.lang.Boolean" -> parseBoolean(word);
            default -> throw new AssertionError("attributes of type " + type + " cannot be read");
        };
    }

    private static boolean parseBoolean(String word) {
        if (!word.equals("true") && !word.equals("false")) {
            throw new AssertionError(word);
        }
        return word.equals("true");
    }

    private List<Object> list(Type elements) {
        List<Object> list = new ArrayList<>();
        expect("[");
        while (!accept("]")) {
            accept(", ");
            list.add(value(elements));
        }
        return List.copyOf(list);
    }

    private Shape shape() {
        return Shape.of(list(int.class).stream().mapToInt(Integer.class::cast).toArray());
    }

    private String quoted() {
        expect("\"");
        StringBuilder text = new StringBuilder();
        while (!accept("\"")) {
            char next = line.charAt(at++);
            text.append(next != '\\' ? next : switch (line.charAt(at++)) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                default -> line.charAt(at - 1);
            });
        }
        return text.toString();
    }

    // ---- letters

    private TensorSpec spec() {
        return new TensorSpec(DType.valueOf(word()), shape());
    }

    private int step() {
        accept(" ");
        expect("%");
        return number();
    }

    private int number() {
        return Integer.parseInt(word());
    }

    private String word() {
        int begin = at;
        while (at < line.length() && "()[]{}, =".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        return line.substring(begin, at);
    }

    private boolean accept(String text) {
        boolean is = line.startsWith(text, at);
        at += is ? text.length() : 0;
        return is;
    }

    private void expect(String text) {
        if (!accept(text)) {
            throw failure(text);
        }
    }

    private AssertionError failure(String expected) {
        return new AssertionError("expected " + expected + " at " + at + " of " + line);
    }
}
