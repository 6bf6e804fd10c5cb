package io.adjoint.autodiff.page;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;

/** The gradient rules of an operation, from its source: {@code g} is the gradient by the result {@code y}. */
final class RuleText {
    /** A rule that is longer has a page of its own to be read on. */
    private static final int LONG = 200;

    private final Sources sources;

    RuleText(Sources sources) {
        this.sources = sources;
    }

    /** The rule for each input. */
    List<String> of(Catalogue.Entry entry, Op op) {
        if (op.gradient().absence().isPresent()) {
            return List.of("none: " + op.gradient().absence().get());
        }
        boolean one = op.arity().most() == 1;
        TreePath type = sources.path(entry.type());
        TreePath rules = entry.type().isEnum() ? constant(type, entry.id()) : body(type);
        List<TreePath> partials = partials(rules);
        if (partials.isEmpty()) {
            throw new AssertionError("no rule found in the source of " + entry);
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < partials.size(); i++) {
            String text = text(partials.get(i), one);
            String name = partials.size() < op.arity().least() || op.arity().least() != op.arity().most() ? "each"
                    : letter(i);
            lines.add(one ? text : name + ": " + text);
        }
        return lines;
    }

    private static String letter(int input) {
        return String.valueOf((char) ('a' + input));
    }

    private static TreePath constant(TreePath type, String id) {
        return Sources.members(type).stream()
                .filter(member -> member.getLeaf() instanceof VariableTree variable
                        && variable.getName().contentEquals(id.toUpperCase(Locale.ROOT)))
                .findFirst().orElseThrow();
    }

    /** The method {@code gradient()}, or the constant that it returns. */
    private TreePath body(TreePath type) {
        TreePath method = Sources.methods(type, "gradient").getFirst();
        List<? extends StatementTree> statements = ((MethodTree) method.getLeaf()).getBody().getStatements();
        if (statements.getFirst() instanceof ReturnTree only && only.getExpression() instanceof IdentifierTree name) {
            return constant(type, name.getName().toString());
        }
        return method;
    }

    /** The calls that make the partial rules, in order. */
    private List<TreePath> partials(TreePath rules) {
        List<TreePath> found = new ArrayList<>();
        new TreePathScanner<Void, Void>() {
            @Override
            public Void visitMethodInvocation(MethodInvocationTree tree, Void unused) {
                Element method = sources.element(new TreePath(getCurrentPath(), tree.getMethodSelect()));
                if (method != null && method.getEnclosingElement().getSimpleName().contentEquals("Partial")
                        && method.getModifiers().contains(Modifier.STATIC)) {
                    found.add(getCurrentPath());
                    return null;
                }
                return super.visitMethodInvocation(tree, unused);
            }
        }.scan(rules, null);
        return found;
    }

    private String text(TreePath partial, boolean one) {
        List<? extends ExpressionTree> arguments = ((MethodInvocationTree) partial.getLeaf()).getArguments();
        if (arguments.isEmpty()) {
            return "nothing";
        }
        TreePath rule = new TreePath(partial, arguments.getLast());
        return switch (rule.getLeaf()) {
            case LambdaExpressionTree lambda -> expanded(new TreePath(rule, lambda.getBody()), one);
            case MemberReferenceTree reference when reference.getName().contentEquals("cotangent") -> "g";
            case MemberReferenceTree reference -> {
                TreePath method = sources.trees().getPath(sources.element(rule));
                String text = expanded(new TreePath(method, ((MethodTree) method.getLeaf()).getBody()), one);
                yield text.length() > LONG ? reference.getName() + "(g, ...)" : text;
            }
            default -> throw new AssertionError("teach this class to read " + rule.getLeaf());
        };
    }

    /** An expression, or the last one of a block after those that it uses. */
    private String expanded(TreePath body, boolean one) {
        Infix infix = new Infix(sources.trees(), body, i -> one ? "x" : letter(i));
        if (!(body.getLeaf() instanceof BlockTree block)) {
            return infix.print(body.getLeaf());
        }
        List<String> parts = new ArrayList<>();
        boolean straight = true;
        for (StatementTree statement : block.getStatements()) {
            switch (statement) {
                case VariableTree variable -> {
                    String value = infix.print(variable.getInitializer());
                    if (!value.equals(variable.getName().toString())) {
                        parts.add(variable.getName() + " = " + value);
                    }
                }
                case ReturnTree last -> parts.add(infix.print(last.getExpression()));
                default -> straight = false;
            }
        }
        String all = String.join("; ", parts);
        return straight && all.length() <= LONG ? all : "...; " + parts.getLast();
    }
}
