package io.adjoint.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.ShapeException;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model in a named module that keeps the package of its records to itself. */
class ClosedPackageTest {
    private static final String RECORD = """
            package app.model;

            public record Net(io.adjoint.nn.Linear layer) implements io.adjoint.nn.Module {}
            """;
    private static final String ENTRY = """
            package app;

            public class Entry {
                public static io.adjoint.nn.Module model() {
                    return new app.model.Net(io.adjoint.nn.Linear.of(1, 1, io.adjoint.autodiff.Rng.seed(0)));
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void aRecordInAClosedPackageIsRefusedWithTheLineThatOpensIt() throws Exception {
        Module model = model("");
        ShapeException e = assertThrows(ShapeException.class, model::variables);
        assertEquals("parts: a record is closed to reflection: record app.model.Net, module app; "
                + "expected 'opens app.model;' in its module-info.java", e.getMessage());
    }

    @Test
    void thatLineIsEnough() throws Exception {
        assertEquals(List.of("layer.weight", "layer.bias"),
                List.copyOf(model("opens app.model;").variables().keySet()));
    }

    private Module model(String directive) throws Exception {
        Path out = folder.resolve("out");
        compile(out, write("module-info.java", "module app { exports app; " + directive + " }"),
                write("Net.java", RECORD), write("Entry.java", ENTRY));
        ModuleLayer boot = ModuleLayer.boot();
        var configuration = boot.configuration().resolve(ModuleFinder.of(out), ModuleFinder.of(), Set.of("app"));
        var controller = ModuleLayer.defineModulesWithOneLoader(configuration, List.of(boot),
                Module.class.getClassLoader());
        controller.addReads(controller.layer().findModule("app").orElseThrow(), Module.class.getModule());
        return (Module) controller.layer().findLoader("app").loadClass("app.Entry").getMethod("model").invoke(null);
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static void compile(Path out, String... sources) {
        List<String> arguments = new ArrayList<>(List.of("-d", out.toString(), "-cp",
                System.getProperty("java.class.path"), "--add-reads", "app=ALL-UNNAMED"));
        arguments.addAll(List.of(sources));
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertEquals(0, status, "the compiler's exit status");
    }
}
