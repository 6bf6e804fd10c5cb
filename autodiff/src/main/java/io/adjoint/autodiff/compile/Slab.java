package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.DType;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Memory for values that come and go: of the free gaps the smallest that is large enough is given away first. */
final class Slab {
    /** Elements in a cache line of the narrowest numbers that are computed with in vectors, so that lines are not shared. */
    private static final int ALIGNMENT = 16;

    private final Map<DType, Room> rooms = new EnumMap<>(DType.class);

    /** Where a value lies: so many elements from an offset in the array of its dtype. */
    record Place(DType dtype, int offset, int length) {}

    private static final class Room {
        /** Length of the gap that begins at each offset. */
        private final TreeMap<Integer, Integer> gaps = new TreeMap<>();
        private int length;
    }

    /** A place that is free at this moment. */
    Place take(DType dtype, int elements) {
        Room room = rooms.computeIfAbsent(dtype, _ -> new Room());
        int length = Math.max(ALIGNMENT, Math.ceilDiv(elements, ALIGNMENT) * ALIGNMENT);
        int best = -1;
        for (Map.Entry<Integer, Integer> gap : room.gaps.entrySet()) {
            if (gap.getValue() >= length && (best < 0 || gap.getValue() < room.gaps.get(best))) {
                best = gap.getKey();
            }
        }
        if (best >= 0) {
            int rest = room.gaps.remove(best) - length;
            if (rest > 0) {
                room.gaps.put(best + length, rest);
            }
            return new Place(dtype, best, length);
        }
        Map.Entry<Integer, Integer> end = room.gaps.lastEntry();
        boolean growsGap = end != null && end.getKey() + end.getValue() == room.length;
        int offset = growsGap ? end.getKey() : room.length;
        if (growsGap) {
            room.gaps.remove(offset);
        }
        room.length = Math.addExact(offset, length);
        return new Place(dtype, offset, length);
    }

    /** Frees a place. */
    void free(Place place) {
        TreeMap<Integer, Integer> gaps = rooms.get(place.dtype).gaps;
        int offset = place.offset;
        int length = place.length;
        Map.Entry<Integer, Integer> left = gaps.lowerEntry(offset);
        if (left != null && left.getKey() + left.getValue() == offset) {
            offset = left.getKey();
            length += left.getValue();
        }
        Integer right = gaps.remove(place.offset + place.length);
        if (right != null) {
            length += right;
        }
        gaps.put(offset, length);
    }

    /** Elements of each dtype that all places together span. */
    Map<DType, Integer> lengths() {
        Map<DType, Integer> lengths = new EnumMap<>(DType.class);
        rooms.forEach((dtype, room) -> lengths.put(dtype, room.length));
        return lengths;
    }
}
