package dev.strata.cli.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A slice of Go. Immutable.
 *
 * @param elements the elements
 * @param isNil whether it is nil, which JSON writes as null
 */
public record GoList(List<@Nullable Object> elements, boolean isNil) {
  /** A slice that is nil. */
  public static final GoList NIL = new GoList(List.of(), true);

  /** A slice of some elements. */
  public static GoList of(List<?> elements) {
    return new GoList(Collections.unmodifiableList(new ArrayList<>(elements)), false);
  }
}
