package io.adjoint.autodiff;

import java.util.List;

/**
 * A graph as a drawing in a language for graphs. The steps are nodes with their numbers; an edge says which operand it is
 * where there are several; variables that are updated and results are nodes of their own.
 */
final class GraphDrawing {
    private final Graph graph;
    private final Language language;
    private final GraphText.Names names = new GraphText.Names();
    private final StringBuilder text = new StringBuilder();

    private GraphDrawing(Graph graph, Language language) {
        this.graph = graph;
        this.language = language;
    }

    /** What a node stands for. */
    private enum Role {
        INPUT("box", "[", "]"),
        CONSTANT("plaintext", "(", ")"),
        VARIABLE("cylinder", "[(", ")]"),
        OPERATION("ellipse", "([", "])"),
        RESULT("doubleoctagon", "[[", "]]");

        private final String dot;
        private final String opening;
        private final String closing;

        Role(String dot, String opening, String closing) {
            this.dot = dot;
            this.opening = opening;
            this.closing = closing;
        }
    }

    /** How it is written down. */
    enum Language {
        DOT {
            @Override
            String node(String id, String label, String spec, Role role) {
                String lines = escaped(label) + (spec.isEmpty() ? "" : "\\n" + spec);
                return id + " [shape=" + role.dot + ", label=\"" + lines + "\"];";
            }

            @Override
            String edge(String from, String to, String operand) {
                return from + " -> " + to + (operand.isEmpty() ? "" : " [label=\"" + operand + "\"]") + ";";
            }

            @Override
            String around(String body) {
                return "digraph {\n" + body + "}\n";
            }

            private static String escaped(String label) {
                return label.replace("\\", "\\\\").replace("\"", "\\\"");
            }
        },
        MERMAID {
            @Override
            String node(String id, String label, String spec, Role role) {
                String lines = escaped(label) + (spec.isEmpty() ? "" : "<br/>" + spec);
                return id + role.opening + '"' + lines + '"' + role.closing;
            }

            @Override
            String edge(String from, String to, String operand) {
                return from + " -->" + (operand.isEmpty() ? "" : "|" + operand + "|") + " " + to;
            }

            @Override
            String around(String body) {
                return "flowchart TD\n" + body;
            }

            private static String escaped(String label) {
                return label.replace("#", "#35;").replace("&", "#amp;").replace("\"", "#quot;").replace("<", "#lt;")
                        .replace(">", "#gt;").replace("\\", "#92;").replace("`", "#96;");
            }
        };

        abstract String node(String id, String label, String spec, Role role);

        abstract String edge(String from, String to, String operand);

        abstract String around(String body);
    }

    static String draw(Graph graph, Language language) {
        GraphDrawing drawing = new GraphDrawing(graph, language);
        drawing.drawSteps();
        drawing.drawEnds();
        return language.around(drawing.text.toString());
    }

    private void drawSteps() {
        for (int i = 0; i < graph.steps().size(); i++) {
            Graph.Step step = graph.steps().get(i);
            line(language.node("s" + i, "%" + i + " " + GraphText.leaf(step, names), step.spec().toString(),
                    role(step)));
            if (step instanceof Graph.Apply apply) {
                drawOperands(i, apply.inputs());
            }
        }
    }

    private void drawOperands(int step, List<Integer> inputs) {
        for (int k = 0; k < inputs.size(); k++) {
            line(language.edge("s" + inputs.get(k), "s" + step, inputs.size() > 1 ? Integer.toString(k) : ""));
        }
    }

    private void drawEnds() {
        for (int u = 0; u < graph.updates().size(); u++) {
            Graph.Update update = graph.updates().get(u);
            line(language.node("u" + u, "update " + names.of(update.variable()), "", Role.VARIABLE));
            line(language.edge("s" + update.step(), "u" + u, ""));
        }
        for (int k = 0; k < graph.outputs().size(); k++) {
            line(language.node("r" + k, "return " + k, "", Role.RESULT));
            line(language.edge("s" + graph.outputs().get(k), "r" + k, ""));
        }
    }

    private static Role role(Graph.Step step) {
        return switch (step) {
            case Graph.Input _ -> Role.INPUT;
            case Graph.Constant _ -> Role.CONSTANT;
            case Graph.Read _ -> Role.VARIABLE;
            case Graph.Apply _ -> Role.OPERATION;
        };
    }

    private void line(String line) {
        text.append("  ").append(line).append('\n');
    }
}
