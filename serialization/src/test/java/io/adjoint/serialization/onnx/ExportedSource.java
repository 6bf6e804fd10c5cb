package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Module;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A record that was written as source, compiled, with the weights beside it. */
record ExportedSource(Module made) {
    /** Compiles the sources of these names, all at once: the compiler's start is what takes the time. */
    static ClassLoader compile(Path folder, List<String> names) throws IOException {
        String path = Stream.of(System.getProperty("java.class.path"), System.getProperty("jdk.module.path"))
                .filter(part -> part != null && !part.isEmpty()).collect(Collectors.joining(File.pathSeparator));
        List<String> arguments =
                new ArrayList<>(List.of("-proc:none", "-nowarn", "-cp", path, "-d", folder.toString()));
        names.forEach(name -> arguments.add(folder.resolve(name + ".java").toString()));
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)));
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, ExportedSource.class.getClassLoader());
    }

    static ExportedSource load(ClassLoader loader, Path folder, String name) throws ReflectiveOperationException {
        Method load = loader.loadClass(name).getMethod("load", Path.class);
        return new ExportedSource((Module) load.invoke(null, folder.resolve(name + ".adjoint")));
    }

    List<Tensor> forward(List<Tensor> inputs) throws ReflectiveOperationException {
        Method forward = Arrays.stream(made.getClass().getMethods())
                .filter(method -> method.getName().equals("forward") && !method.isDefault()).findFirst().orElseThrow();
        Object result = forward.invoke(made, inputs.toArray());
        return result instanceof List<?> list ? list.stream().map(Tensor.class::cast).toList()
                : List.of((Tensor) result);
    }
}
