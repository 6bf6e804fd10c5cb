package io.adjoint.autodiff.page;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.View;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;

/**
 * Which operations a method applies, itself or by the methods that it calls, and how often at most on one way through them;
 * a loop counts twice. Read from the sources, so it needs no call that is accepted.
 */
final class Applied {
    /** Stands for all operations that compute: neither a cast nor a view. */
    private static final String COMPUTING = "";

    private static final String OPERATIONS = Op.class.getPackageName();

    private final Sources sources;
    private final Map<String, String> records = new HashMap<>();
    private final Set<String> passive = new HashSet<>(Set.of("cast"));
    private final Map<Element, Map<String, Integer>> known = new HashMap<>();
    private final Set<Element> open = new HashSet<>();

    Applied(Sources sources) {
        this.sources = sources;
        for (Catalogue.Entry entry : Catalogue.entries()) {
            records.put(entry.type().getSimpleName(), entry.id());
            if (View.class.isAssignableFrom(entry.type())) {
                passive.add(entry.id());
            }
        }
    }

    /**
     * What a method applies.
     *
     * @param computing the ids of operations that compute, in the order in which they are met
     * @param passive the ids of views and casts
     * @param most how many of those that compute at most
     */
    record Operations(List<String> computing, List<String> passive, int most) {}

    Operations by(TreePath method) {
        Map<String, Integer> all = of(sources.element(method));
        Map<Boolean, List<String>> ids = all.keySet().stream().filter(id -> !id.equals(COMPUTING))
                .collect(Collectors.partitioningBy(passive::contains));
        return new Operations(ids.get(false), ids.get(true), all.getOrDefault(COMPUTING, 0));
    }

    private Map<String, Integer> one(String id) {
        Map<String, Integer> one = new LinkedHashMap<>(Map.of(id, 1));
        if (!passive.contains(id)) {
            one.put(COMPUTING, 1);
        }
        return one;
    }

    private Map<String, Integer> of(Element method) {
        Map<String, Integer> before = known.get(method);
        TreePath path = sources.trees().getPath(method);
        if (before != null || path == null || !open.add(method)) {
            return before == null ? Map.of() : before;
        }
        Map<String, Integer> found = new Scanner().scan(path, null);
        open.remove(method);
        Map<String, Integer> all = found == null ? Map.of() : found;
        known.put(method, all);
        return all;
    }

    private static Map<String, Integer> sum(Map<String, Integer> first, Map<String, Integer> second) {
        return joined(first, second, Integer::sum);
    }

    private static Map<String, Integer> either(Map<String, Integer> first, Map<String, Integer> second) {
        return joined(first, second, Math::max);
    }

    private static Map<String, Integer> joined(Map<String, Integer> first, Map<String, Integer> second,
            BinaryOperator<Integer> join) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        Map<String, Integer> all = new LinkedHashMap<>(first);
        second.forEach((id, count) -> all.merge(id, count, join));
        return all;
    }

    /** Null stands for nothing. */
    private final class Scanner extends TreePathScanner<Map<String, Integer>, Void> {
        @Override
        public Map<String, Integer> reduce(Map<String, Integer> first, Map<String, Integer> second) {
            return sum(first, second);
        }

        @Override
        public Map<String, Integer> visitBlock(BlockTree block, Void unused) {
            return inOrder(block.getStatements());
        }

        /** What follows a branch that leaves the method is its other branch. */
        private Map<String, Integer> inOrder(List<? extends StatementTree> statements) {
            if (statements.isEmpty()) {
                return null;
            }
            List<? extends StatementTree> rest = statements.subList(1, statements.size());
            if (statements.getFirst() instanceof IfTree branch && branch.getElseStatement() == null
                    && leaves(branch.getThenStatement())) {
                return sum(scan(branch.getCondition(), null),
                        either(scan(branch.getThenStatement(), null), inOrder(rest)));
            }
            return sum(scan(statements.getFirst(), null), inOrder(rest));
        }

        private boolean leaves(StatementTree statement) {
            return statement instanceof ReturnTree || statement instanceof ThrowTree
                    || statement instanceof BlockTree block && !block.getStatements().isEmpty()
                            && leaves(block.getStatements().getLast());
        }

        @Override
        public Map<String, Integer> visitIf(IfTree tree, Void unused) {
            return sum(scan(tree.getCondition(), null),
                    either(scan(tree.getThenStatement(), null), scan(tree.getElseStatement(), null)));
        }

        @Override
        public Map<String, Integer> visitConditionalExpression(ConditionalExpressionTree tree, Void unused) {
            return sum(scan(tree.getCondition(), null),
                    either(scan(tree.getTrueExpression(), null), scan(tree.getFalseExpression(), null)));
        }

        @Override
        public Map<String, Integer> visitSwitchExpression(SwitchExpressionTree tree, Void unused) {
            Map<String, Integer> cases = null;
            for (CaseTree one : tree.getCases()) {
                cases = either(cases, scan(one, null));
            }
            return sum(scan(tree.getExpression(), null), cases);
        }

        /** What a refusal says is not computed by the function. */
        @Override
        public Map<String, Integer> visitThrow(ThrowTree tree, Void unused) {
            return null;
        }

        @Override
        public Map<String, Integer> visitForLoop(ForLoopTree tree, Void unused) {
            return twice(super.visitForLoop(tree, null));
        }

        @Override
        public Map<String, Integer> visitEnhancedForLoop(EnhancedForLoopTree tree, Void unused) {
            return twice(super.visitEnhancedForLoop(tree, null));
        }

        @Override
        public Map<String, Integer> visitWhileLoop(WhileLoopTree tree, Void unused) {
            return twice(super.visitWhileLoop(tree, null));
        }

        private Map<String, Integer> twice(Map<String, Integer> once) {
            return sum(once, once);
        }

        @Override
        public Map<String, Integer> visitMethodInvocation(MethodInvocationTree tree, Void unused) {
            return sum(super.visitMethodInvocation(tree, null), called(tree.getMethodSelect()));
        }

        @Override
        public Map<String, Integer> visitMemberReference(MemberReferenceTree tree, Void unused) {
            Element element = sources.element(getCurrentPath());
            return sum(super.visitMemberReference(tree, null),
                    element != null && element.getKind() == ElementKind.CONSTRUCTOR
                            ? made(element.getEnclosingElement().getSimpleName().toString())
                            : byElement(element));
        }

        private Map<String, Integer> made(String type) {
            String id = records.get(type);
            return id == null ? null : one(id);
        }

        private Map<String, Integer> called(Tree select) {
            return byElement(sources.element(new TreePath(getCurrentPath(), select)));
        }

        /** An operation's own methods are its home's business; it is counted where it is named. */
        private Map<String, Integer> byElement(Element element) {
            return element == null || element.getKind() != ElementKind.METHOD
                    || element.getEnclosingElement() instanceof TypeElement type
                            && type.getQualifiedName().toString().startsWith(OPERATIONS + ".") ? null : of(element);
        }

        @Override
        public Map<String, Integer> visitNewClass(NewClassTree tree, Void unused) {
            return sum(super.visitNewClass(tree, null), made(tree.getIdentifier().toString()));
        }

        @Override
        public Map<String, Integer> visitMemberSelect(MemberSelectTree tree, Void unused) {
            return sum(super.visitMemberSelect(tree, null), constant());
        }

        @Override
        public Map<String, Integer> visitIdentifier(IdentifierTree tree, Void unused) {
            return constant();
        }

        private Map<String, Integer> constant() {
            Element element = sources.element(getCurrentPath());
            return element != null && element.getKind() == ElementKind.ENUM_CONSTANT
                    && records.containsKey(element.getEnclosingElement().getSimpleName().toString())
                    && element.getEnclosingElement().toString().startsWith(OPERATIONS)
                            ? one(element.getSimpleName().toString().toLowerCase(Locale.ROOT))
                            : null;
        }
    }
}
