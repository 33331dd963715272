package dev.strata.cli.template;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A map of Go with strings as keys, in their order. Immutable.
 *
 * @param entries the entries
 * @param absent the value of a key that is not there
 * @param isNil whether it is nil, which JSON writes as null
 */
public record GoMap(SortedMap<String, Object> entries, Object absent, boolean isNil) {
  /** A map of strings that is nil. */
  public static final GoMap NIL = new GoMap(Collections.emptySortedMap(), "", true);

  /** A map of strings to strings. */
  public static GoMap of(Map<String, String> entries) {
    return of(entries, "");
  }

  /** A map with a value for keys that are not there. */
  public static GoMap of(Map<String, ?> entries, Object absent) {
    return new GoMap(Collections.unmodifiableSortedMap(new TreeMap<>(entries)), absent, false);
  }
}
