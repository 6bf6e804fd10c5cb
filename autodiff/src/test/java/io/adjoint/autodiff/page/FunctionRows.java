package io.adjoint.autodiff.page;

import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreePath;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;

/** The methods of tensors and the functions beside them, by family. */
final class FunctionRows {
    /** More operations than these would say nothing any more. */
    private static final int MANY = 8;

    private static final Applied.Operations NOTHING = new Applied.Operations(List.of(), List.of(), 0);

    private final Sources sources;
    private final DocText docs;
    private final Applied applied;

    FunctionRows(Sources sources) {
        this.sources = sources;
        this.docs = new DocText(sources);
        this.applied = new Applied(sources);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Class<?> family : Tensor.class.getInterfaces()) {
            section(text, sources.path(family));
        }
        section(text, sources.path(Tensor.class));
        String functions = Losses.class.getPackageName() + ".";
        sources.classes().forEach((name, path) -> {
            if (name.startsWith(functions)) {
                section(text, path);
            }
        });
        return text.toString();
    }

    private void section(StringBuilder text, TreePath type) {
        List<TreePath> methods = methods(type);
        if (!methods.isEmpty()) {
            Table table = new Table("call", "what it computes", "operations");
            methods.forEach(method -> table.row(Table.code(call(method)), docs.summary(method), operations(method)));
            text.append("### ").append(sources.element(type).getSimpleName()).append("\n\n")
                    .append(docs.summary(type)).append("\n\n").append(table).append('\n');
        }
    }

    /** Static functions of the package, and methods of tensors; of Tensor itself those that apply an operation. */
    private List<TreePath> methods(TreePath type) {
        Element owner = sources.element(type);
        List<TreePath> found = new ArrayList<>();
        for (TreePath member : Sources.members(type)) {
            if (!(member.getLeaf() instanceof MethodTree method) || method.getReturnType() == null) {
                continue;
            }
            Set<Modifier> modifiers = method.getModifiers().getFlags();
            boolean isPublic = owner.getModifiers().contains(Modifier.PUBLIC) && (modifiers.contains(Modifier.PUBLIC)
                    || modifiers.contains(Modifier.DEFAULT));
            boolean isFunction = switch (owner.getSimpleName().toString()) {
                case "Tensor" -> !applied.by(member).equals(NOTHING)
                        && method.getReturnType().toString().matches("Tensor|List<Tensor>");
                default -> owner.getKind().isInterface() || modifiers.contains(Modifier.STATIC)
                        && !method.getReturnType().toString().equals(owner.getSimpleName().toString());
            };
            if (isPublic && isFunction) {
                found.add(member);
            }
        }
        return found;
    }

    private String call(TreePath path) {
        MethodTree method = (MethodTree) path.getLeaf();
        TypeElement owner = (TypeElement) sources.element(path).getEnclosingElement();
        String prefix = method.getModifiers().getFlags().contains(Modifier.STATIC) ? owner.getSimpleName() + "." : "x.";
        return prefix + method.getName() + method.getParameters().stream()
                .map(parameter -> parameter.toString().replaceAll("^final ", ""))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private String operations(TreePath method) {
        Applied.Operations operations = applied.by(method);
        List<String> computing = operations.computing();
        if (operations.most() == 1) {
            return "fused: " + list(computing, " or ");
        } else if (operations.most() > 1) {
            return "composed: " + list(computing, ", ");
        }
        return operations.passive().isEmpty() ? "none" : "view: " + list(operations.passive(), ", ");
    }

    private static String list(List<String> ids, String between) {
        return ids.stream().limit(MANY).map(Table::code).collect(Collectors.joining(between))
                + (ids.size() > MANY ? ", ..." : "");
    }
}
