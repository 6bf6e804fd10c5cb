package io.adjoint.examples.benchmarks;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the user asked for.
 *
 * @param filter a part of the names of the entries wanted
 * @param threads for each system
 * @param rounds how often each system takes its turn
 * @param peers whether to run other frameworks too
 */
record Choices(String filter, int threads, int rounds, boolean peers) {
    private static final Choices DEFAULT = new Choices("", 1, 10, false);

    /** @throws IllegalArgumentException with a message for the user */
    static Choices of(String... arguments) {
        Choices choices = DEFAULT;
        Iterator<String> rest = List.of(arguments).iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            choices = switch (option) {
                case "--filter" -> new Choices(value(option, rest), choices.threads, choices.rounds, choices.peers);
                case "--threads" -> new Choices(choices.filter, count(option, rest), choices.rounds, choices.peers);
                case "--rounds" -> new Choices(choices.filter, choices.threads, count(option, rest), choices.peers);
                case "--peers" -> new Choices(choices.filter, choices.threads, choices.rounds, true);
                default -> throw new IllegalArgumentException("benchmark: unknown option " + option
                        + "; expected [--filter TEXT] [--threads N] [--rounds N] [--peers]");
            };
        }
        return choices;
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException("benchmark: nothing after " + option + "; expected a value");
        }
        return rest.next();
    }

    private static int count(String option, Iterator<String> rest) {
        String value = value(option, rest);
        if (!value.matches("[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("benchmark: " + option + " " + value + "; expected 1 to 999");
        }
        return Integer.parseInt(value);
    }

    /**
     * This library first. What was found to make libtorch faster: MKL instead of OpenBLAS for single products, on some machines,
     * and a C library that keeps memory for training steps.
     */
    Stream<Contender> contenders(Workload workload) {
        Stream<Contender> adjoint = workload instanceof TrainingStep || workload instanceof Inference
                ? Stream.of(Contender.adjoint(threads), Contender.compiled(threads))
                : Stream.of(Contender.adjoint(threads));
        if (!peers) {
            return adjoint;
        }
        if (workload instanceof Inference) {
            return Stream.concat(adjoint, Stream.of(Contender.onnxRuntime(threads)));
        }
        Contender libtorch = Contender.libtorch(threads);
        Optional<Contender> other = switch (workload) {
            case Product _ -> Contender.libtorchWithMkl(threads);
            case TrainingStep _ -> Optional.of(libtorch.keepingMemory());
            case Convolution _, Elementwise _, RowWise _, Inference _ -> Optional.empty();
        };
        return Stream.of(adjoint, Stream.of(libtorch), other.stream()).flatMap(each -> each);
    }
}
