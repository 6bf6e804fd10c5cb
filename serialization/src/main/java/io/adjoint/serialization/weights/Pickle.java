package io.adjoint.serialization.weights;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the instructions of a pickle that a state dict needs, of protocol 2. They put together dicts ({@code Map} with texts and
 * numbers as keys), lists and tuples ({@code List}), texts, numbers, truth values, {@link TorchTensor tensors} and
 * {@link TorchGlobal names}; all else is refused by its name before anything else is looked at. Nothing that a pickle says is run.
 */
final class Pickle {
    /** Python's None. */
    enum None {
        NONE;

        @Override
        public String toString() {
            return "None";
        }
    }

    private static final int PROTOCOL = 2;
    /** A dict of as many tensors as other formats have fits on the stack. */
    private static final int MAX_STACK = 1 << 18;
    private static final int MAX_MEMO = 1 << 20;
    private static final int MAX_OBJECTS = 1 << 19;

    private final Path file;
    private final PickleInput input;
    private final TorchCalls calls;
    private final List<Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private int objects;

    private Pickle(Path file, PickleInput input) {
        this.file = file;
        this.input = input;
        this.calls = new TorchCalls(input);
    }

    /**
     * The object that a pickle describes. Objects may be part of several others, and of themselves.
     *
     * @throws ModelFileException if it needs more than state dicts do, or is damaged
     */
    static Object read(Path file, ByteBuffer bytes) {
        PickleInput input = new PickleInput(file, bytes);
        return new Pickle(file, input).run();
    }

    private Object run() {
        for (int code = input.u8(); code != '.'; code = input.u8()) {
            step(code);
            if (stack.size() > MAX_STACK || memo.size() > MAX_MEMO || objects > MAX_OBJECTS) {
                throw input.damaged("it describes more objects than 65,536 tensors have");
            }
        }
        Object result = pop();
        if (!stack.isEmpty() || !marks.isEmpty() || !input.isAtEnd()) {
            throw input.damaged("it goes on after its end");
        }
        return result;
    }

    private void step(int code) {
        switch (code) {
            case 0x80 -> requireProtocol(input.u8());
            case '(' -> mark();
            case '}' -> make(new LinkedHashMap<>());
            case ']' -> make(new ArrayList<>());
            case ')' -> push(List.of());
            case 't' -> make(popMarked());
            case 0x85, 0x86, 0x87 -> make(popTuple(code - 0x84));
            case 'X' -> push(input.text());
            case 'J' -> push((long) input.i32());
            case 'K' -> push((long) input.u8());
            case 'M' -> push((long) input.u16());
            case 0x8A -> push(input.number());
            case 'G' -> push(input.f64());
            case 'N' -> push(None.NONE);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'c' -> push(global());
            case 'R' -> reduce();
            case 'b' -> build();
            case 'Q' -> push(calls.storage(pop()));
            case 'q' -> memo.put(input.u8(), peek());
            case 'r' -> memo.put(input.i32(), peek());
            case 'h' -> push(remembered(input.u8()));
            case 'j' -> push(remembered(input.i32()));
            case 's' -> setItems(popTuple(2));
            case 'u' -> setItems(popMarked());
            case 'a' -> list(List.of(pop()));
            case 'e' -> list(popMarked());
            default -> throw new ModelFileException(file,
                    "the pickle has the instruction 0x%02x at byte %d, which no state"
                            .formatted(code, input.position() - 1) + " dict needs",
                    "save a dict of tensors, numbers and texts by torch.save with its default protocol");
        }
    }

    private void requireProtocol(int version) {
        if (version != PROTOCOL) {
            throw new ModelFileException(file, "it is pickled with protocol " + version + " where torch.save uses 2",
                    "save it with the default of pickle_protocol");
        }
    }

    private Object global() {
        String name = input.line() + "." + input.line();
        return TorchGlobal.of(name).orElseThrow(() -> new ModelFileException(file, "it holds an object of "
                + Names.quote(name) + ", and only tensors, numbers and texts are read, since no code of a file is run",
                "save the tensors alone: torch.save(model.state_dict(), path)"));
    }

    private void reduce() {
        Object arguments = pop();
        make(calls.call(pop(), arguments));
    }

    /** A state dict has its versions as an attribute, which nothing here needs. */
    private void build() {
        Object state = pop();
        if (!(peek() instanceof Map) || !(state instanceof Map)) {
            throw input.damaged("only dicts can have attributes");
        }
    }

    private void setItems(List<Object> items) {
        if (!(peek() instanceof Map<?, ?>) || items.size() % 2 != 0) {
            throw input.damaged("there is no dict for its items");
        }
        @SuppressWarnings("unchecked") // only this machine makes maps
        Map<Object, Object> dict = (Map<Object, Object>) peek();
        for (int i = 0; i < items.size(); i += 2) {
            if (!(items.get(i) instanceof String || items.get(i) instanceof Long)) {
                throw input.damaged("a key of a dict is neither a text nor a number");
            }
            dict.put(items.get(i), items.get(i + 1));
        }
    }

    private void list(List<Object> items) {
        if (!(peek() instanceof ArrayList<?>)) {
            throw input.damaged("there is no list for its items");
        }
        @SuppressWarnings("unchecked") // only this machine makes lists
        List<Object> list = (List<Object>) peek();
        list.addAll(items);
    }

    private void mark() {
        if (marks.size() == MAX_STACK) {
            throw input.damaged("it has too many marks");
        }
        marks.push(stack.size());
    }

    private void make(Object made) {
        objects++;
        push(made);
    }

    private void push(Object value) {
        stack.add(value);
    }

    private int bottom() {
        return marks.isEmpty() ? 0 : marks.peek();
    }

    private Object peek() {
        if (stack.size() <= bottom()) {
            throw input.damaged("the stack is empty");
        }
        return stack.getLast();
    }

    private Object pop() {
        Object value = peek();
        stack.removeLast();
        return value;
    }

    private List<Object> popTuple(int count) {
        if (stack.size() - bottom() < count) {
            throw input.damaged("the stack is empty");
        }
        return takeFrom(stack.size() - count);
    }

    private List<Object> popMarked() {
        if (marks.isEmpty()) {
            throw input.damaged("there is no mark");
        }
        return takeFrom(marks.pop());
    }

    private List<Object> takeFrom(int from) {
        List<Object> top = stack.subList(from, stack.size());
        List<Object> taken = List.copyOf(top);
        top.clear();
        return taken;
    }

    private Object remembered(int number) {
        Object value = memo.get(number);
        if (value == null) {
            throw input.damaged("nothing is remembered under number " + Integer.toUnsignedString(number));
        }
        return value;
    }
}
