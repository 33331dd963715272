package dev.strata.cli.look;

import dev.strata.closure.StorePathName;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds the path that a user means. */
final class PathSearch {
  private static final int MOST_SHOWN = 5;

  private PathSearch() {}

  /**
   * Finds a path by its full name, by a file in it, by its last component, or by its name with or
   * without the version.
   *
   * @return the path, or empty if none matches
   * @throws InvalidInputException if several match equally well
   */
  static Optional<String> find(String wanted, Collection<String> paths) {
    List<Predicate<String>> ways =
        List.of(
            wanted::equals,
            path -> wanted.startsWith(path + "/"),
            path -> path.endsWith("/" + wanted),
            path -> StorePathName.of(path).full().equals(wanted),
            path -> StorePathName.of(path).name().equals(wanted));
    for (Predicate<String> way : ways) {
      List<String> found = paths.stream().filter(way).toList();
      if (found.size() == 1) {
        return Optional.of(found.getFirst());
      }
      if (!found.isEmpty()) {
        String more =
            found.size() > MOST_SHOWN ? " and " + (found.size() - MOST_SHOWN) + " more" : "";
        throw new InvalidInputException(
            FileNames.quote(wanted)
                + " matches "
                + found.size()
                + " paths; use one of "
                + found.stream()
                    .limit(MOST_SHOWN)
                    .map(FileNames::quote)
                    .collect(Collectors.joining(", "))
                + more);
      }
    }
    return Optional.empty();
  }
}
