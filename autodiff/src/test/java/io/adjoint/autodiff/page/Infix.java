package io.adjoint.autodiff.page;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.util.SimpleTreeVisitor;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;

/** Java expressions of tensors in the way one writes formulas: {@code v.cotangent().mul(v.input(0).cos())} is {@code g * cos(x)}. */
final class Infix extends SimpleTreeVisitor<Infix.Text, Void> {
    private static final int ATOM = 9;
    private static final int POWER = 8;
    private static final int SIGN = 7;
    private static final int PRODUCT = 6;
    private static final int SUM = 5;
    private static final int COMPARISON = 4;
    private static final int AND = 3;
    private static final int OR = 2;
    private static final int CHOICE = 1;

    /** Methods of two tensors that have a sign: how it looks, and how tightly it binds. */
    private static final Map<String, Text> SIGNS = Map.ofEntries(
            Map.entry("add", new Text(" + ", SUM)), Map.entry("sub", new Text(" - ", SUM)),
            Map.entry("mul", new Text(" * ", PRODUCT)), Map.entry("div", new Text(" / ", PRODUCT)),
            Map.entry("pow", new Text("^", POWER)),
            Map.entry("eq", new Text(" == ", COMPARISON)), Map.entry("ne", new Text(" != ", COMPARISON)),
            Map.entry("lt", new Text(" < ", COMPARISON)), Map.entry("le", new Text(" <= ", COMPARISON)),
            Map.entry("gt", new Text(" > ", COMPARISON)), Map.entry("ge", new Text(" >= ", COMPARISON)),
            Map.entry("and", new Text(" and ", AND)), Map.entry("or", new Text(" or ", OR)));

    /** Operators of Java by how tightly they bind. */
    private static final Map<Tree.Kind, Text> OPERATORS = Map.ofEntries(
            Map.entry(Tree.Kind.PLUS, new Text(" + ", SUM)), Map.entry(Tree.Kind.MINUS, new Text(" - ", SUM)),
            Map.entry(Tree.Kind.MULTIPLY, new Text(" * ", PRODUCT)),
            Map.entry(Tree.Kind.DIVIDE, new Text(" / ", PRODUCT)),
            Map.entry(Tree.Kind.EQUAL_TO, new Text(" == ", COMPARISON)),
            Map.entry(Tree.Kind.LESS_THAN, new Text(" < ", COMPARISON)));

    /** A part of a formula, and how tightly its outermost sign binds. */
    record Text(String text, int binding) {
        String atLeast(int least) {
            return binding >= least ? text : "(" + text + ")";
        }
    }

    private final Trees trees;
    private final TreePath where;
    private final IntFunction<String> inputs;

    /** Formulas of a rule that stands in the class of that path, whose inputs have these names. */
    Infix(Trees trees, TreePath where, IntFunction<String> inputs) {
        this.trees = trees;
        this.where = where;
        this.inputs = inputs;
    }

    String print(Tree tree) {
        return visit(tree, null).text;
    }

    private Element element(Tree tree) {
        TreePath path = TreePath.getPath(where, tree);
        return path == null ? null : trees.getElement(path);
    }

    @Override
    protected Text defaultAction(Tree tree, Void unused) {
        return new Text(tree.toString().replaceAll("\\s+", " "), ATOM);
    }

    @Override
    public Text visitParenthesized(ParenthesizedTree tree, Void unused) {
        return visit(tree.getExpression(), null);
    }

    @Override
    public Text visitBinary(BinaryTree tree, Void unused) {
        Text sign = OPERATORS.get(tree.getKind());
        return sign == null ? new Text(tree.toString(), CHOICE)
                : joined(visit(tree.getLeftOperand(), null), sign, visit(tree.getRightOperand(), null));
    }

    /** The right side stands in brackets even where the sign would be the same: a - (b - c). */
    private static Text joined(Text left, Text sign, Text right) {
        boolean flat = sign.text.equals(" + ") || sign.text.equals(" * ") || sign.binding < COMPARISON;
        return new Text(left.atLeast(sign.binding) + sign.text + right.atLeast(flat ? sign.binding : sign.binding + 1),
                sign.binding);
    }

    @Override
    public Text visitUnary(UnaryTree tree, Void unused) {
        String sign = switch (tree.getKind()) {
            case UNARY_MINUS -> "-";
            case LOGICAL_COMPLEMENT -> "not ";
            default -> throw new AssertionError("teach this class to write a " + tree.getKind());
        };
        return new Text(sign + visit(tree.getExpression(), null).atLeast(POWER), SIGN);
    }

    @Override
    public Text visitConditionalExpression(ConditionalExpressionTree tree, Void unused) {
        return choice(visit(tree.getCondition(), null), visit(tree.getTrueExpression(), null),
                visit(tree.getFalseExpression(), null));
    }

    private static Text choice(Text condition, Text yes, Text no) {
        return new Text(condition.atLeast(OR) + " ? " + yes.atLeast(OR) + " : " + no.text, CHOICE);
    }

    @Override
    public Text visitLiteral(LiteralTree tree, Void unused) {
        return new Text(tree.toString(), tree.toString().startsWith("-") ? SIGN : ATOM);
    }

    @Override
    public Text visitIdentifier(IdentifierTree tree, Void unused) {
        return new Text(tree.getName().toString(), ATOM);
    }

    @Override
    public Text visitMemberSelect(MemberSelectTree tree, Void unused) {
        String name = tree.getIdentifier().toString();
        return new Text(isType(tree.getExpression()) ? name.equals("PI") ? "pi" : name
                : visit(tree.getExpression(), null).atLeast(ATOM) + "." + name, ATOM);
    }

    private boolean isType(Tree tree) {
        Element element = element(tree);
        return element != null && (element.getKind().isClass() || element.getKind().isInterface());
    }

    @Override
    public Text visitNewClass(NewClassTree tree, Void unused) {
        return new Text(tree.getIdentifier() + arguments(tree.getArguments()), ATOM);
    }

    private String arguments(List<? extends ExpressionTree> arguments) {
        return arguments.stream().map(this::print).collect(Collectors.joining(", ", "(", ")"));
    }

    @Override
    public Text visitMethodInvocation(MethodInvocationTree tree, Void unused) {
        List<? extends ExpressionTree> arguments = tree.getArguments();
        if (!(tree.getMethodSelect() instanceof MemberSelectTree select)) {
            return element(tree.getMethodSelect()) instanceof ExecutableElement method && readsContext(method)
                    ? helper(method, arguments)
                    : new Text(tree.getMethodSelect() + arguments(arguments), ATOM);
        }
        String name = select.getIdentifier().toString();
        if (element(select) instanceof ExecutableElement method && method.getKind() == ElementKind.METHOD) {
            String owner = method.getEnclosingElement().getSimpleName().toString();
            if (owner.equals("Context")) {
                return new Text(context(name, arguments), ATOM);
            } else if (owner.endsWith("Methods") || owner.equals("Tensor")) {
                return tensor(select, owner, name, arguments);
            }
        }
        if (element(select) instanceof ExecutableElement method && readsContext(method)) {
            return helper(method, arguments);
        }
        String receiver = isType(select.getExpression()) ? "" : visit(select.getExpression(), null).atLeast(ATOM) + ".";
        return new Text(receiver + name + arguments(arguments), ATOM);
    }

    private static boolean readsContext(ExecutableElement method) {
        return !method.getParameters().isEmpty()
                && method.getParameters().getFirst().asType().toString().endsWith("Gradient.Context");
    }

    /** A helper that is one expression stands for it; another one goes by its name, and what it reads by itself. */
    private Text helper(ExecutableElement method, List<? extends ExpressionTree> arguments) {
        TreePath path = trees.getPath(method);
        MethodTree declared = (MethodTree) path.getLeaf();
        return arguments.size() == 1 && declared.getBody().getStatements().getFirst() instanceof ReturnTree only
                ? new Infix(trees, path, inputs).visit(only.getExpression(), null)
                : new Text(method.getSimpleName() + arguments(arguments.subList(1, arguments.size())), ATOM);
    }

    private String context(String name, List<? extends ExpressionTree> arguments) {
        return switch (name) {
            case "cotangent" -> "g";
            case "output" -> "y";
            default -> arguments.getFirst() instanceof LiteralTree number ? inputs.apply((int) number.getValue())
                    : "input(" + arguments.getFirst() + ")";
        };
    }

    private Text tensor(MemberSelectTree select, String owner, String name, List<? extends ExpressionTree> arguments) {
        if (isType(select.getExpression())) {
            return new Text(name + arguments(arguments), ATOM);
        }
        Text receiver = visit(select.getExpression(), null);
        List<Text> given = arguments.stream().map(argument -> visit(argument, null)).toList();
        if (given.size() == 1 && SIGNS.containsKey(name)) {
            return joined(receiver, SIGNS.get(name), given.getFirst());
        }
        return switch (name) {
            case "neg" -> new Text("-" + receiver.atLeast(PRODUCT), SIGN);
            case "square" -> new Text(receiver.atLeast(ATOM) + "^2", POWER);
            case "reciprocal" -> joined(new Text("1", ATOM), SIGNS.get("div"), receiver);
            case "rsub" -> joined(given.getFirst(), SIGNS.get("sub"), receiver);
            case "where" -> choice(receiver, given.getFirst(), given.getLast());
            default -> {
                boolean isFunction = given.isEmpty() && List.of("ElementwiseMethods", "SpecialMethods",
                        "ActivationMethods", "RectifierMethods", "ComparisonMethods").contains(owner);
                yield new Text(isFunction ? name + "(" + receiver.text + ")"
                        : receiver.atLeast(ATOM) + "." + name + arguments(arguments), ATOM);
            }
        };
    }
}
