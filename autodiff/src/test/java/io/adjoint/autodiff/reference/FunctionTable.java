package io.adjoint.autodiff.reference;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The table of the functions that are wanted, and of their arguments, in the text that was published with the values. */
final class FunctionTable {
    private static final String HEAD = "| op | PyTorch | arguments used |";

    private FunctionTable() {}

    /** The arguments of each function; empty if the text has no such table. */
    static Map<String, Set<String>> parse(List<String> text) {
        Map<String, Set<String>> arguments = new TreeMap<>();
        text.stream().dropWhile(line -> !line.startsWith(HEAD)).takeWhile(line -> line.startsWith("|")).skip(2)
                .map(line -> line.split("\\|"))
                .forEach(cells -> arguments.put(cells[1].strip(),
                        new TreeSet<>(List.of(cells[3].strip().split(", *")))));
        return arguments;
    }
}
