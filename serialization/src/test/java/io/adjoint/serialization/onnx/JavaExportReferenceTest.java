package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TraceException;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.onnx.graph.Value;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The source that is written for a model compiles, and computes the same bits. */
class JavaExportReferenceTest {
    @TempDir
    private static Path folder;

    private record Exported(OnnxCase oneCase, OnnxModel model, String name) {
        void check(ClassLoader loader) throws ReflectiveOperationException {
            Class<?> type = loader.loadClass(name);
            Object made = type.getMethod("load", Path.class).invoke(null, folder.resolve(name + ".adjoint"));
            List<Value> inputs = oneCase.values("input");
            Method forward = Arrays.stream(type.getMethods())
                    .filter(method -> method.getName().equals("forward") && !method.isDefault()).findFirst()
                    .orElseThrow();
            Object result = forward.invoke(made, inputs.stream().map(Value::tensor).toArray());
            List<?> results = result instanceof List<?> list ? list : List.of(result);
            List<Value> expected = model.compute(inputs);
            assertEquals(expected.size(), results.size());
            for (int i = 0; i < expected.size(); i++) {
                int output = i;
                assertTrue(expected.get(i).tensor().sameBits((Tensor) results.get(i)), () -> "output " + output);
            }
        }
    }

    /** All are compiled at once: the compiler's start is what takes the time. */
    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        List<Exported> exported = new ArrayList<>();
        for (OnnxCase oneCase : OnnxCase.all()) {
            export(oneCase, "Case" + exported.size()).ifPresent(exported::add);
        }
        assertTrue(exported.size() > 0.7 * OnnxCase.all().size(), "most have no source: " + exported.size());
        compile(exported);
        ClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()},
                JavaExportReferenceTest.class.getClassLoader());
        return exported.stream()
                .map(one -> DynamicTest.dynamicTest(one.oneCase().toString(), () -> one.check(loader)));
    }

    /** Nothing for a case whose graph depends on values: it cannot be traced. */
    private static Optional<Exported> export(OnnxCase oneCase, String name) {
        OnnxModel model = oneCase.model();
        JavaExport export = JavaExport.of(model).named(name);
        List<Value> inputs = oneCase.values("input");
        for (int i = 0; i < inputs.size(); i++) {
            export = export.shape(model.inputs().get(i).name(), inputs.get(i).tensor().shape().dims());
        }
        try {
            export.write(folder);
            return Optional.of(new Exported(oneCase, model, name));
        } catch (TraceException _) {
            return Optional.empty();
        } catch (ModelFileException e) {
            assertTrue(e.getMessage().contains("operations that have no source"), e.getMessage());
            return Optional.empty();
        }
    }

    private static void compile(List<Exported> exported) {
        String path = Stream.of(System.getProperty("java.class.path"), System.getProperty("jdk.module.path"))
                .filter(part -> part != null && !part.isEmpty()).collect(Collectors.joining(File.pathSeparator));
        List<String> arguments =
                new ArrayList<>(List.of("-proc:none", "-nowarn", "-cp", path, "-d", folder.toString()));
        exported.forEach(one -> arguments.add(folder.resolve(one.name() + ".java").toString()));
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)));
        assertTrue(exported.stream().allMatch(one -> Files.exists(folder.resolve(one.name() + ".class"))));
    }
}
