package io.adjoint.autodiff.page;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.util.TreePath;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Javadoc as Markdown. */
final class DocText {
    private final Sources sources;

    DocText(Sources sources) {
        this.sources = sources;
    }

    /** The whole description. */
    String description(TreePath path) {
        return markdown(comment(path).getFullBody()).replaceAll(" *\n *", "\n").strip();
    }

    /** The first sentence, and those that tell the derivative. */
    String summary(TreePath path) {
        String text = description(path).replaceAll("\\s+", " ");
        List<String> sentences = Stream.of(text.split("(?<=[.]) (?=[^a-z])")).toList();
        return Stream.concat(sentences.stream().limit(1), sentences.stream().skip(1)
                .filter(sentence -> sentence.matches("(?i).*\\b(derivatives?|gradients?)\\b.*")))
                .collect(Collectors.joining(" "));
    }

    private DocCommentTree comment(TreePath path) {
        DocCommentTree comment = sources.trees().getDocCommentTree(path);
        if (comment == null) {
            throw new AssertionError("no comment on " + path.getLeaf());
        }
        return comment;
    }

    private static String markdown(List<? extends DocTree> parts) {
        return parts.stream().map(DocText::markdown).collect(Collectors.joining());
    }

    private static String markdown(DocTree part) {
        return switch (part) {
            case TextTree text -> text.getBody().replaceAll("\\s+", " ");
            case LiteralTree literal when literal.getKind() == DocTree.Kind.CODE ->
                "`" + literal.getBody().getBody().strip().replaceAll("\\s+", " ") + "`";
            case LiteralTree literal -> literal.getBody().getBody();
            case LinkTree link -> "`" + (link.getLabel().isEmpty()
                    ? link.getReference().getSignature().replaceAll(".*#", "").replaceAll("\\(.*", "")
                    : markdown(link.getLabel())) + "`";
            case EntityTree entity -> switch (entity.getName().toString()) {
                case "lt" -> "<";
                case "gt" -> ">";
                case "amp" -> "&";
                default -> throw new AssertionError("teach this class the entity " + entity);
            };
            case StartElementTree start -> switch (start.getName().toString()) {
                case "p" -> "\n\n";
                case "ul" -> "\n";
                case "li" -> "\n- ";
                default -> "";
            };
            case EndElementTree _ -> "";
            default -> throw new AssertionError("teach this class to write a " + part.getKind() + ": " + part);
        };
    }
}
