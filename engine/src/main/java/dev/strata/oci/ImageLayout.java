package dev.strata.oci;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file names and the index of an OCI image layout (OCI image specification 1.1, {@code
 * image-layout.md}), whether the layout is a folder or a tar archive. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class ImageLayout {
  /** The file that marks a layout and states its version. */
  public static final String VERSION_FILE = "oci-layout";

  /** The content of {@link #VERSION_FILE}. */
  public static final String VERSION = "{\"imageLayoutVersion\":\"1.0.0\"}";

  /** The file that lists the images. */
  public static final String INDEX_FILE = "index.json";

  /** The folder that holds the blobs, in one folder for each digest algorithm. */
  public static final String BLOBS = "blobs";

  private static final String REF_NAME = "org.opencontainers.image.ref.name";

  /** The tag of an index that lists the referrers of an image. */
  private static final Pattern REFERRERS_TAG =
      Pattern.compile("sha256-[0-9a-f]{64}|sha512-[0-9a-f]{128}");

  private ImageLayout() {}

  /**
   * Returns where a blob is stored.
   *
   * @param digest the digest of the blob
   * @return a path relative to the layout, such as {@code blobs/sha256/0123…}
   */
  public static String blobFile(Digest digest) {
    return BLOBS + "/" + digest.value().replace(':', '/');
  }

  /**
   * Creates the index entry of an image.
   *
   * @param manifest the descriptor of the image's manifest or index
   * @param tag the name of the image, or null for none
   * @return the entry
   */
  public static Manifest.Member entry(Descriptor manifest, @Nullable String tag) {
    return new Manifest.Member(manifest, null, tag == null ? Map.of() : Map.of(REF_NAME, tag));
  }

  /**
   * Returns the name of an image.
   *
   * @param entry an entry of the index
   * @return its tag, if it has one
   */
  public static Optional<String> tagOf(Manifest.Member entry) {
    return Optional.ofNullable(entry.annotations().get(REF_NAME));
  }

  /**
   * Finds an image in the index of a layout. Several entries of one name, which are for different
   * platforms, are returned as an index of them.
   *
   * @param source the name of the layout in messages
   * @param json the content of {@link #INDEX_FILE}
   * @param tag the tag of the image, or {@code @} and its position from 0 in the index, or null for
   *     the only image of the layout
   * @param blobs finds the manifest of an entry
   * @return the manifest or index of the image
   * @throws NotFoundException if there is no image with the tag
   * @throws InvalidInputException if there is no tag to choose one of several images, or the index
   *     cannot be parsed
   */
  public static Blob find(
      String source, byte[] json, @Nullable String tag, Function<Descriptor, Blob> blobs) {
    return find(source, json, entries(source, json), tag, blobs);
  }

  /**
   * Parses the index of a layout.
   *
   * @param source the name of the layout in messages
   * @param json the content of {@link #INDEX_FILE}
   * @return its entries
   * @throws InvalidInputException if the index cannot be parsed
   */
  public static List<Manifest.Member> entries(String source, byte[] json) {
    return Manifest.parse(name(source), json, MediaTypes.INDEX).images();
  }

  private static String name(String source) {
    return source + " (" + INDEX_FILE + ")";
  }

  /**
   * Finds an image in an index that has been parsed.
   *
   * @param source the name of the layout in messages
   * @param json the content of {@link #INDEX_FILE}
   * @param entries those of {@link #entries}
   * @param tag the tag of the image, as for the other method
   * @param blobs finds the manifest of an entry
   * @return the manifest or index of the image
   * @throws NotFoundException if there is no image with the tag
   * @throws InvalidInputException if there is no tag to choose one of several images
   */
  public static Blob find(
      String source,
      byte[] json,
      List<Manifest.Member> entries,
      @Nullable String tag,
      Function<Descriptor, Blob> blobs) {
    List<Manifest.Member> found = named(entries, tag);
    if (tag == null && found.size() > 1) {
      found = withoutReferrers(found, blobs);
    }
    List<Descriptor> different =
        found.stream().map(Manifest.Member::descriptor).distinct().toList();
    if (different.size() == 1) {
      return blobs.apply(different.getFirst());
    }
    if (different.isEmpty() || tag == null && !isOneImage(found)) {
      throw notOne(source, entries, tag, different.size());
    }
    ManifestJson index = ManifestJson.parse(name(source), json);
    List<String> all = index.entries();
    List<String> kept = new ArrayList<>();
    for (Manifest.Member entry : found) {
      kept.add(all.get(entries.indexOf(entry)));
    }
    return index.withEntries(kept).toBlob(MediaTypes.INDEX);
  }

  /**
   * Returns the entries that are not referrers of others, such as bills of materials; all of them
   * if nothing else is there.
   */
  private static List<Manifest.Member> withoutReferrers(
      List<Manifest.Member> entries, Function<Descriptor, Blob> blobs) {
    List<Manifest.Member> images = new ArrayList<>(entries);
    images.removeIf(e -> isReferrer(e, blobs));
    return images.isEmpty() ? entries : images;
  }

  private static boolean isReferrer(Manifest.Member entry, Function<Descriptor, Blob> blobs) {
    Optional<String> tag = tagOf(entry);
    if (tag.isPresent()) {
      return REFERRERS_TAG.matcher(tag.get()).matches();
    }
    try {
      return Referrer.subjectOf(blobs.apply(entry.descriptor())) != null;
    } catch (StrataException _) {
      // Reading it as an image fails with a better message.
      return false;
    }
  }

  private static List<Manifest.Member> named(List<Manifest.Member> entries, @Nullable String tag) {
    if (tag == null) {
      return entries;
    }
    List<Manifest.Member> found = new ArrayList<>(entries);
    found.removeIf(e -> !tag.equals(tagOf(e).orElse(null)));
    if (found.isEmpty() && tag.matches("@\\d{1,6}")) {
      int position = Integer.parseInt(tag.substring(1));
      return position < entries.size() ? List.of(entries.get(position)) : List.of();
    }
    return found;
  }

  /** Returns whether entries are the platforms of one image: of one name, each for another one. */
  private static boolean isOneImage(List<Manifest.Member> entries) {
    Set<Optional<String>> names = new HashSet<>();
    Set<Platform> platforms = new HashSet<>();
    for (Manifest.Member entry : entries) {
      names.add(tagOf(entry));
      if (entry.platform() == null || !platforms.add(entry.platform())) {
        return false;
      }
    }
    return names.size() == 1;
  }

  private static StrataException notOne(
      String source, List<Manifest.Member> entries, @Nullable String tag, int found) {
    List<String> tags =
        entries.stream().flatMap(e -> tagOf(e).stream()).distinct().map(FileNames::quote).toList();
    String available = tags.isEmpty() ? "" : ". Available: " + String.join(", ", tags);
    if (tag != null) {
      return new NotFoundException(
          source + " has no image with the tag " + FileNames.quote(tag) + available);
    }
    if (found == 0) {
      return new NotFoundException(source + " contains no image");
    }
    return new InvalidInputException(
        source + " contains " + found + " images; specify a tag" + available);
  }
}
