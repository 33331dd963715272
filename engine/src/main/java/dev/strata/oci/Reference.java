package dev.strata.oci;

import dev.strata.blob.Digest;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image in a registry, parsed as Docker does: {@code alpine} means {@code
 * docker.io/library/alpine:latest}. Immutable and thread-safe.
 *
 * @param registry the host, possibly with a port, as written
 * @param repository the name in the registry, such as {@code library/alpine}
 * @param tag the tag; {@code latest} if neither a tag nor a digest was given, null if only a digest
 *     was
 * @param digest the digest after {@code @}, or null
 * @since 0.1.0
 */
public record Reference(
    String registry, String repository, @Nullable String tag, @Nullable Digest digest) {
  /** The registry of names without a host. */
  public static final String DOCKER_HUB = "docker.io";

  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+])(?::\\d+)?");
  // The distribution specification's <name>.
  private static final Pattern REPOSITORY =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  /**
   * Parses a reference.
   *
   * @param text a reference such as {@code registry.example.org:5000/team/app:1.2}
   * @return the reference
   * @throws InvalidInputException if the text is not a reference
   */
  public static Reference parse(String text) {
    String rest = text;
    Digest digest = null;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = Digest.parse(rest.substring(at + 1));
      rest = rest.substring(0, at);
    }
    String tag = null;
    int colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
      check(TAG.matcher(tag).matches(), text, "the tag may consist of letters, digits, _, . and -");
    }
    String registry = DOCKER_HUB;
    int slash = rest.indexOf('/');
    String first = slash < 0 ? "" : rest.substring(0, slash);
    // Docker's rule to distinguish a host from the first component of a name.
    if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
      registry = first.equals("index.docker.io") ? DOCKER_HUB : first;
      rest = rest.substring(slash + 1);
    }
    if (registry.equals(DOCKER_HUB) && !rest.contains("/")) {
      rest = "library/" + rest;
    }
    check(HOST.matcher(registry).matches(), text, "the registry is not a host name");
    check(
        REPOSITORY.matcher(rest).matches(),
        text,
        "the name may consist of lower-case letters, digits, _, . and -");
    return new Reference(registry, rest, tag == null && digest == null ? "latest" : tag, digest);
  }

  private static void check(boolean valid, String text, String problem) {
    if (!valid) {
      throw new InvalidInputException(
          "invalid reference "
              + FileNames.quote(text)
              + ": "
              + problem
              + "; use the form registry.example.org/name:tag");
    }
  }

  /**
   * Returns a reference to this image under another tag.
   *
   * @param other the tag
   * @return the reference, without a digest
   */
  public Reference withTag(String other) {
    return new Reference(registry, repository, other, null);
  }

  /**
   * Returns how a request refers to the manifest.
   *
   * @return the digest if there is one, else the tag
   */
  public String manifestName() {
    return digest != null ? digest.value() : tag != null ? tag : "latest";
  }

  /**
   * Returns the full reference, as Docker writes it.
   *
   * @return the registry and repository, with the tag and the digest if there are any
   */
  @Override
  public String toString() {
    return registry
        + "/"
        + repository
        + (tag == null ? "" : ":" + tag)
        + (digest == null ? "" : "@" + digest);
  }
}
