package dev.strata.internal.regex;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The characters, grouped into classes whose members no expression distinguishes. Immutable and
 * thread-safe.
 */
final class Alphabet {
  private static final CharSet NEWLINE = CharSet.range('\n', '\n');

  // The first characters of the ranges that have one class each, in order.
  private final int[] rangeStarts;
  private final int[] rangeClasses;
  private final int[] asciiClasses = new int[128];
  // A member of each class.
  private final int[] members;

  private Alphabet(int[] rangeStarts, int[] rangeClasses, int[] members) {
    this.rangeStarts = rangeStarts;
    this.rangeClasses = rangeClasses;
    this.members = members;
    for (int c = 0; c < asciiClasses.length; c++) {
      asciiClasses[c] = classOf(c);
    }
  }

  /** Groups the characters by which of the sets they are in. */
  static Alphabet of(List<CharSet> sets) {
    TreeSet<Integer> boundaries = new TreeSet<>(List.of(0));
    addBoundaries(NEWLINE, boundaries);
    addBoundaries(CharSet.WORD, boundaries);
    for (CharSet set : sets) {
      addBoundaries(set, boundaries);
    }
    int[] starts = new int[boundaries.size()];
    int[] classes = new int[starts.length];
    int[] members = new int[starts.length];
    Map<BitSet, Integer> known = new HashMap<>();
    int count = 0;
    for (int start : boundaries) {
      BitSet memberships = memberships(start, sets);
      Integer number = known.get(memberships);
      if (number == null) {
        number = known.size();
        members[number] = start;
        known.put(memberships, number);
      }
      starts[count] = start;
      classes[count++] = number;
    }
    return new Alphabet(starts, classes, Arrays.copyOf(members, known.size()));
  }

  private static void addBoundaries(CharSet set, Set<Integer> boundaries) {
    for (int i = 0; i < set.rangeCount(); i++) {
      boundaries.add(set.first(i));
      boundaries.add(set.last(i) + 1);
    }
  }

  private static BitSet memberships(int c, List<CharSet> sets) {
    BitSet out = new BitSet();
    out.set(0, c == '\n');
    out.set(1, CharSet.WORD.contains(c));
    for (int i = 0; i < sets.size(); i++) {
      out.set(i + 2, sets.get(i).contains(c));
    }
    return out;
  }

  int classCount() {
    return members.length;
  }

  /** Returns a character of a class. */
  int member(int charClass) {
    return members[charClass];
  }

  int classOfAscii(byte c) {
    return asciiClasses[c];
  }

  int classOf(int c) {
    int at = Arrays.binarySearch(rangeStarts, c);
    return rangeClasses[at >= 0 ? at : -at - 2];
  }
}
