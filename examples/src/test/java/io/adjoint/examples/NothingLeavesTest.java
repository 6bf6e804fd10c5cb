package io.adjoint.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Law 7: no class of the library names the network, another process or native code. The page that shows a training has to name the
 * loopback address that it is bound to; its own test sees that it answers nobody else.
 */
class NothingLeavesTest {
    private static final List<String> FORBIDDEN_CLASSES =
            List.of("java/net/", "java/nio/channels/Socket", "javax/net/", "java/lang/ProcessBuilder",
                    "java/lang/foreign/Linker");
    private static final List<String> FORBIDDEN_METHODS = List.of("loadLibrary", "exec");

    private static final String PAGE = "io/adjoint/optim/train/LivePage.class";
    private static final List<String> PAGE_NAMES = List.of("java/net/InetAddress", "java/net/InetSocketAddress");

    @ParameterizedTest
    @ValueSource(strings = {"autodiff", "nn", "optim", "serialization"})
    void noClassNamesTheNetworkAProcessOrNativeCode(String module) throws IOException {
        List<String> found = new ArrayList<>();
        int classes = 0;
        try (Stream<Path> files = Files.walk(Path.of("..", module, "target", "classes"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                classes++;
                for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
                    if (isForbidden(entry) && !(file.endsWith(PAGE) && isOfThePage(entry))) {
                        found.add(file + ": " + entry);
                    }
                }
            }
        }
        assertTrue(classes > 5, "classes seen: " + classes);
        assertEquals(List.of(), found);
    }

    private static boolean isOfThePage(PoolEntry entry) {
        return entry instanceof ClassEntry type && PAGE_NAMES.contains(type.asInternalName());
    }

    private static boolean isForbidden(PoolEntry entry) {
        return switch (entry) {
            case ClassEntry type -> FORBIDDEN_CLASSES.stream().anyMatch(type.asInternalName()::startsWith);
            case MemberRefEntry member -> FORBIDDEN_METHODS.contains(member.name().stringValue())
                    && member.owner().asInternalName().startsWith("java/lang/");
            default -> false;
        };
    }
}
