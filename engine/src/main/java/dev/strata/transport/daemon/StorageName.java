package dev.strata.transport.daemon;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image in a storage of Podman.
 *
 * @param store which storage, in brackets as it was given; empty for the usual one
 * @param image the name or id of the image, as it was given
 * @param podmanOptions the options that make Podman use that storage
 */
record StorageName(String store, String image, List<String> podmanOptions) {
  /** {@code [driver@root+runroot:options]name}; all but the name is optional. */
  private static final Pattern SPECIFIER =
      Pattern.compile(
          "(?:\\[(?:([^@\\]]*)@)?([^+:\\]]*)(?:\\+([^:\\]]*))?(?::([^\\]]*))?\\])?(.*)");

  static StorageName parse(String specifier) {
    Matcher m = SPECIFIER.matcher(specifier);
    // An image that looks like an option would be one for Podman.
    if (!m.matches() || m.group(5).isEmpty() || m.group(5).startsWith("-")) {
      throw new InvalidInputException(
          "invalid image in a storage "
              + FileNames.quote(specifier)
              + "; write containers-storage:name:tag");
    }
    List<String> options = new ArrayList<>();
    option(options, "--storage-driver", m.group(1));
    option(options, "--root", m.group(2));
    option(options, "--runroot", m.group(3));
    if (m.group(4) != null) {
      for (String each : m.group(4).split(",", -1)) {
        option(options, "--storage-opt", each);
      }
    }
    String image = m.group(5);
    return new StorageName(
        specifier.substring(0, specifier.length() - image.length()), image, List.copyOf(options));
  }

  StorageName withImage(String other) {
    return new StorageName(store, other, podmanOptions);
  }

  private static void option(List<String> options, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      options.add(name);
      options.add(value);
    }
  }
}
