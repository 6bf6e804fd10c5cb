package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in the documentation of the package compiles and runs as it stands. */
class PackageExampleTest {
    private static final Path SOURCE = Path.of("src/main/java/io/adjoint/serialization/package-info.java");

    @TempDir
    Path folder;

    private static String example() throws IOException {
        Matcher matcher = Pattern.compile("\\{@snippet :\\R(.*?)\\R \\* }\\R", Pattern.DOTALL)
                .matcher(Files.readString(SOURCE));
        assertEquals(true, matcher.find(), "no example in " + SOURCE);
        return matcher.group(1).lines().map(line -> line.replaceFirst("^ \\* ?", "")).collect(Collectors.joining("\n"));
    }

    @Test
    void theExampleRuns() throws Exception {
        Path source = Files.writeString(folder.resolve("Example.java"), """
                import io.adjoint.autodiff.*;
                import io.adjoint.nn.*;
                import io.adjoint.serialization.*;
                import java.nio.file.Path;
                import java.util.Map;

                public class Example {
                    public static Map<String, String> run() {
                        %s
                        return metadata;
                    }
                }
                """.formatted(example().replace("Path.of(\"", "Path.of(\"" + folder + "/")));
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), "-cp",
                System.getProperty("java.class.path"), source.toString()));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Method run = loader.loadClass("Example").getMethod("run");
            assertEquals(java.util.Map.of("epoch", "12"), run.invoke(null));
        }
    }
}
