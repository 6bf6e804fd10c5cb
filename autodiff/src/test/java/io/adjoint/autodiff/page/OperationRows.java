package io.adjoint.autodiff.page;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.Sampler;
import java.util.stream.Collectors;

/** The operations by kind. */
final class OperationRows {
    private final Sources sources;
    private final RuleText rules;
    private final DocText docs;

    OperationRows(Sources sources) {
        this.sources = sources;
        this.rules = new RuleText(sources);
        this.docs = new DocText(sources);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Class<?> kind : Op.class.getPermittedSubclasses()) {
            if (kind != Custom.class) {
                text.append("### ").append(kind.getSimpleName()).append("\n\n")
                        .append(docs.description(sources.path(kind))).append("\n\n").append(table(kind)).append('\n');
            }
        }
        return text.toString();
    }

    private Table table(Class<?> kind) {
        Table table = new Table("operation", "formula", "gradient", "shapes, for example", "ONNX");
        for (Catalogue.Entry entry : Catalogue.entries()) {
            if (kind.isAssignableFrom(entry.type())) {
                Op op = entry.sample(new Sampler(0, DType.F32)).op();
                table.row(Table.code(entry.id()), Table.code(op.formula()),
                        op.gradient().absence().map(reason -> "none: " + reason)
                                .orElseGet(() -> rules.of(entry, op).stream().map(Table::code)
                                        .collect(Collectors.joining("<br>"))),
                        Table.code(Shapes.of(entry).toString()),
                        op.onnxName().orElse(""));
            }
        }
        return table;
    }
}
