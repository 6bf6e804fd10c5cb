package io.adjoint.autodiff.page;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The sources of what users see, as the compiler's trees: names in them are resolved, and comments are attached. */
final class Sources {
    private static final Path ROOT = Path.of("src/main/java/io/adjoint/autodiff");

    private final DocTrees trees;
    /** The public and other classes by qualified name, in the order of the files' names. */
    private final Map<String, TreePath> classes = new LinkedHashMap<>();

    private Sources(DocTrees trees) {
        this.trees = trees;
    }

    /** Reads the packages of tensors, operations and functions. */
    static Sources read() {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("", "op", "function")) {
            try (Stream<Path> list = Files.list(ROOT.resolve(folder))) {
                list.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
        JavacTask task = (JavacTask) compiler.getTask(null, manager, null,
                List.of("-proc:none", "-Xlint:none", "-classpath", "target/classes"), null,
                manager.getJavaFileObjectsFromPaths(files));
        Sources sources = new Sources(DocTrees.instance(task));
        try {
            Iterable<? extends CompilationUnitTree> units = task.parse();
            task.analyze();
            units.forEach(sources::collect);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    private void collect(CompilationUnitTree unit) {
        new TreePathScanner<Void, Void>() {
            @Override
            public Void visitClass(ClassTree tree, Void unused) {
                if (trees.getElement(getCurrentPath()) instanceof TypeElement type) {
                    classes.put(type.getQualifiedName().toString(), getCurrentPath());
                }
                return super.visitClass(tree, unused);
            }
        }.scan(unit, null);
    }

    DocTrees trees() {
        return trees;
    }

    /** All classes by qualified name. */
    Map<String, TreePath> classes() {
        return classes;
    }

    /** Where a class is declared. */
    TreePath path(Class<?> type) {
        return classes.get(type.getCanonicalName());
    }

    /** Where these members of a class are declared, in order. */
    static List<TreePath> members(TreePath type) {
        List<TreePath> members = new ArrayList<>();
        for (Tree member : ((ClassTree) type.getLeaf()).getMembers()) {
            members.add(new TreePath(type, member));
        }
        return members;
    }

    /** The methods of a class by a name. */
    static List<TreePath> methods(TreePath type, String name) {
        return members(type).stream()
                .filter(member -> member.getLeaf() instanceof MethodTree method && method.getName().contentEquals(name))
                .toList();
    }

    /** The element that a part of a class's code means. */
    Element element(TreePath path) {
        return trees.getElement(path);
    }
}
