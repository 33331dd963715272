package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.PlainText;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.NoSuchPlatformException;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows an index to the images that are wanted, through indexes in it. Reads a manifest at most
 * once. Not thread-safe.
 */
final class IndexReader {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_INDEXES = 1000;

  /** The rank of an image whose platform the index does not state: after all others. */
  private static final int NO_PLATFORM = Integer.MAX_VALUE;

  /** Marks the image that is compressed with zstd, of two for the same platform. */
  private static final String ZSTD = "io.github.containers.compression.zstd";

  private final String source;
  private final Function<Descriptor, Blob> manifests;
  private final Function<Descriptor, Blob> blobs;
  private final BiFunction<Manifest, Blob, ImageBlobs> images;
  private final Map<Digest, Stored> read = new HashMap<>();
  private final Map<Digest, CopySource> built = new HashMap<>();
  private int indexes;

  /**
   * Creates a reader.
   *
   * @param source the name of the source in messages
   * @param manifests finds a manifest by its descriptor in an index
   * @param blobs finds a blob by its descriptor in a manifest
   * @param images returns the blobs of an image
   */
  IndexReader(
      String source,
      Function<Descriptor, Blob> manifests,
      Function<Descriptor, Blob> blobs,
      BiFunction<Manifest, Blob, ImageBlobs> images) {
    this.source = source;
    this.manifests = manifests;
    this.blobs = blobs;
    this.images = images;
  }

  /**
   * A manifest or index.
   *
   * @param content its content
   * @param blob its bytes, with the media type that it states, which registries insist on
   */
  record Stored(Manifest content, Blob blob) {
    static Stored of(Blob blob) {
      Manifest content = Manifest.of(blob);
      Descriptor named = blob.descriptor();
      if (named.mediaType().equals(content.mediaType())) {
        return new Stored(content, blob);
      }
      Descriptor typed = new Descriptor(content.mediaType(), named.digest(), named.size());
      return new Stored(content, new BytesBlob(typed, Manifest.bytes(blob)));
    }
  }

  /**
   * An image of the index that may be chosen.
   *
   * @param platform its platform, or that of the index it is in; null if neither is stated
   */
  private record Candidate(Manifest.Member entry, @Nullable Platform platform, int rank) {
    boolean suits() {
      return rank >= 0 && rank != NO_PLATFORM;
    }

    /** As in Skopeo, the image compressed with zstd wins, then the one that comes first. */
    boolean isBetterThan(@Nullable Candidate other) {
      return other == null
          || rank < other.rank
          || rank == other.rank && isZstd() && !other.isZstd();
    }

    private boolean isZstd() {
      return "true".equals(entry.annotations().get(ZSTD));
    }
  }

  /** Returns what is wanted of an index. */
  CopySource open(Stored index, PlatformChoice choice) {
    if (choice.isOne()) {
      return new CopySource.Single(image(index, choice, List.of()));
    }
    Set<Digest> wanted = choice.scope() == PlatformChoice.Scope.ALL ? null : new HashSet<>();
    if (wanted != null) {
      for (Platform platform : choice.wanted()) {
        Candidate chosen = choose(index, PlatformChoice.one(platform));
        wanted.add(chosen.entry().descriptor().digest());
      }
    }
    return new CopySource.Several(index(index, wanted, List.of()));
  }

  private ImageBlobs image(Stored index, PlatformChoice choice, List<Digest> path) {
    Manifest.Member entry = choose(index, choice).entry();
    Stored chosen = fetch(entry);
    // An index may be listed as if it were an image.
    return chosen.content().isIndex()
        ? image(chosen, choice, enter(entry, path))
        : images.apply(chosen.content(), chosen.blob());
  }

  /** Returns the indexes on the way to one, and that one. */
  private List<Digest> enter(Manifest.Member index, List<Digest> path) {
    Digest digest = index.descriptor().digest();
    if (path.contains(digest)) {
      throw new InvalidInputException(
          source + " contains the index " + digest + ", which contains itself; create it again");
    }
    if (path.size() >= MAX_DEPTH) {
      throw new InvalidInputException(
          source
              + " contains indexes nested more than "
              + MAX_DEPTH
              + " deep; copy one of the inner ones by its digest");
    }
    List<Digest> longer = new ArrayList<>(path);
    longer.add(digest);
    return longer;
  }

  private Candidate choose(Stored index, PlatformChoice choice) {
    List<Candidate> all = new ArrayList<>();
    collect(index, null, choice, all, List.of(), new HashSet<>());
    Candidate best = null;
    for (Candidate c : all) {
      if (c.suits() && c.isBetterThan(best)) {
        best = c;
      }
    }
    if (best != null) {
      return best;
    }
    if (all.size() == 1 && all.getFirst().rank() == NO_PLATFORM) {
      return all.getFirst();
    }
    List<Candidate> known = new ArrayList<>();
    for (Candidate c : all) {
      Candidate exact = c.rank() == NO_PLATFORM ? configured(c, choice) : c;
      known.add(exact);
      if (exact.suits() && exact.isBetterThan(best)) {
        best = exact;
      }
    }
    if (best != null) {
      return best;
    }
    throw noneSuits(known, choice);
  }

  private NoSuchPlatformException noneSuits(List<Candidate> all, PlatformChoice choice) {
    Set<String> available = new LinkedHashSet<>();
    for (Candidate c : all) {
      available.add(
          c.platform() == null ? "(no platform)" : PlainText.line(c.platform().toString()));
    }
    return new NoSuchPlatformException(
        source
            + " has no image for "
            + choice.wanted().getFirst()
            + (available.isEmpty() ? "" : ". Available: " + String.join(", ", available)));
  }

  /** Adds the images of an index, leaving out indexes that are for other platforms. */
  private void collect(
      Stored index,
      @Nullable Platform inherited,
      PlatformChoice choice,
      List<Candidate> all,
      List<Digest> path,
      Set<Candidate> seen) {
    for (Manifest.Member entry : index.content().images()) {
      if (Attestations.isOne(entry.annotations())) {
        continue;
      }
      Platform platform = entry.platform() == null ? inherited : entry.platform();
      int rank = platform == null ? NO_PLATFORM : choice.rank(platform);
      if (!mayBeImage(entry.descriptor().mediaType())) {
        rank = -1;
      }
      Candidate candidate = new Candidate(entry, platform, rank);
      if (!isIndex(entry) || rank < 0) {
        all.add(candidate);
      } else {
        List<Digest> longer = enter(entry, path);
        if (seen.add(candidate)) {
          collect(fetch(entry), platform, choice, all, longer, seen);
        }
      }
    }
  }

  /** Returns a candidate with the platform that its configuration states, if that is one. */
  private Candidate configured(Candidate candidate, PlatformChoice choice) {
    Manifest manifest = fetch(candidate.entry()).content();
    Descriptor config = manifest.config();
    if (config == null
        || !ManifestFormat.OCI.typeOf(config.mediaType()).equals(MediaTypes.CONFIG)) {
      return new Candidate(candidate.entry(), null, -1);
    }
    String name = "the configuration " + config.digest();
    Platform platform = ConfigJson.parse(name, Manifest.bytes(blobs.apply(config))).platform();
    return new Candidate(candidate.entry(), platform, choice.rank(platform));
  }

  /** Returns an index with the wanted images, null for all of them. */
  private IndexBlobs index(Stored index, @Nullable Set<Digest> wanted, List<Digest> path) {
    List<IndexBlobs.Member> members = new ArrayList<>();
    for (Manifest.Member entry : index.content().images()) {
      CopySource content = content(entry, wanted, path);
      members.add(
          new IndexBlobs.Member(
              entry.descriptor(), content, entry.platform(), entry.annotations()));
    }
    return IndexBlobs.of(members, index.blob());
  }

  private @Nullable CopySource content(
      Manifest.Member entry, @Nullable Set<Digest> wanted, List<Digest> path) {
    Digest digest = entry.descriptor().digest();
    boolean listed = wanted == null || wanted.contains(digest);
    // An index that was not read to choose images has none of those chosen.
    if (!listed && !(isIndex(entry) && read.containsKey(digest))) {
      return null;
    }
    CopySource known = built.get(digest);
    if (known != null) {
      return known;
    }
    Stored stored = fetch(entry);
    CopySource content;
    if (!stored.content().isIndex()) {
      content = new CopySource.Single(images.apply(stored.content(), stored.blob()));
    } else {
      IndexBlobs nested = index(stored, wanted, enter(entry, path));
      if (wanted != null && nested.images().isEmpty()) {
        return null;
      }
      content = new CopySource.Several(nested);
    }
    built.put(digest, content);
    return content;
  }

  /**
   * Some tools state a media type of no use. Artifacts that are not manifests have one of their
   * own.
   */
  private static boolean mayBeImage(String mediaType) {
    return mediaType.isEmpty()
        || mediaType.equals("application/json")
        || ManifestFormat.isManifest(mediaType);
  }

  private static boolean isIndex(Manifest.Member entry) {
    return ManifestFormat.isIndex(entry.descriptor().mediaType());
  }

  private Stored fetch(Manifest.Member entry) {
    Digest digest = entry.descriptor().digest();
    Stored known = read.get(digest);
    if (known == null) {
      known = load(entry);
      indexes += known.content().isIndex() ? 1 : 0;
      if (indexes > MAX_INDEXES) {
        throw new InvalidInputException(
            source
                + " contains more than "
                + MAX_INDEXES
                + " indexes; copy one of them by its digest");
      }
      read.put(digest, known);
    }
    return known;
  }

  private Stored load(Manifest.Member entry) {
    Descriptor descriptor = entry.descriptor();
    try {
      return Stored.of(manifests.apply(descriptor));
    } catch (NotFoundException e) {
      throw new NotFoundException(
          source
              + " lists the manifest "
              + descriptor.digest()
              + (entry.platform() == null ? "" : " for " + entry.platform())
              + ", but does not have it; choose another platform, or create the index again",
          e);
    }
  }
}
