package dev.strata.layer;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.Progress;
import dev.strata.internal.cache.SealedCache;
import dev.strata.internal.files.CaseHack;
import dev.strata.internal.pipeline.HashedLayer;
import dev.strata.internal.pipeline.LayerPipeline;
import dev.strata.internal.pipeline.LayerSink;
import dev.strata.internal.pipeline.PathFingerprints;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hashes the layers of a plan that a cache does not have, and adds them to it. For one use, by one
 * thread.
 */
final class CachedLayers {
  /**
   * The version of the tar streams. To be increased when a change of the code changes the bytes of
   * any layer, or refuses a layer that was accepted: layers of an older version are not found then.
   */
  private static final String STREAMS = "tar-1";

  private static final String NO_FILE = "-";

  private final LayerCache cache;
  private final SealedCache lines;
  private final int jobs;
  private final Progress progress;
  private final MessageDigest hash = Digest.newSha256();

  /** What the key of a layer is a hash of. */
  private final ByteArrayOutputStream keyed = new ByteArrayOutputStream();

  CachedLayers(LayerCache cache, int jobs, Progress progress) {
    this.cache = cache;
    this.lines = cache.open();
    this.jobs = jobs;
    this.progress = progress;
  }

  /**
   * Finds or hashes each layer.
   *
   * @param plan the paths of each layer, at least one
   * @return the digest and size of each layer, in the order of the plan
   * @throws IOException never
   */
  List<HashedLayer> hash(List<List<LayerPath>> plan) throws IOException {
    @Nullable String[] keys = keys(plan);
    @Nullable HashedLayer[] known = new HashedLayer[plan.size()];
    List<List<LayerPath>> missing = new ArrayList<>();
    int[] places = new int[plan.size()];
    for (int i = 0; i < known.length; i++) {
      String key = keys[i];
      known[i] = key == null ? null : parse(lines.find(key));
      if (known[i] == null) {
        places[missing.size()] = i;
        missing.add(plan.get(i));
      }
    }
    KnownLayers heard = new KnownLayers(progress, known, places);
    List<HashedLayer> hashed = List.of();
    if (missing.isEmpty()) {
      heard.planned(0, 0, 0);
    } else {
      hashed = new LayerPipeline(jobs, heard).hash(missing, (_, _) -> new LayerSink.Ignoring());
    }
    List<HashedLayer> layers = new ArrayList<>(known.length);
    int next = 0;
    for (int i = 0; i < known.length; i++) {
      HashedLayer layer = known[i];
      if (layer == null) {
        layer = hashed.get(next++);
        String key = keys[i];
        if (key != null) {
          lines.put(key, text(layer));
        }
      }
      layers.add(layer);
    }
    heard.reportPrivileged(layers);
    lines.flush();
    return layers;
  }

  private @Nullable String[] keys(List<List<LayerPath>> plan) {
    List<String> paths = new ArrayList<>();
    for (List<LayerPath> layer : plan) {
      for (LayerPath path : layer) {
        paths.add(path.path());
      }
    }
    PathFingerprints fingerprints = new PathFingerprints(paths, cache::isInStore);
    fingerprints.read(jobs, progress);
    @Nullable String[] keys = new String[plan.size()];
    int at = 0;
    for (int i = 0; i < keys.length; i++) {
      keys[i] = key(plan.get(i), fingerprints, at);
      at += plan.get(i).size();
    }
    return keys;
  }

  /** Returns the key of a layer, or null if it cannot be told whether a path has changed. */
  private @Nullable String key(List<LayerPath> layer, PathFingerprints fingerprints, int at) {
    keyed.reset();
    // Without it, the suffix is a part of names.
    number(CaseHack.isUsed() ? 1 : 0);
    for (int i = 0; i < layer.size(); i++) {
      byte[] fingerprint = fingerprints.get(at + i);
      if (fingerprint == null) {
        return null;
      }
      text(layer.get(i).path());
      keyed.writeBytes(fingerprint);
      options(layer.get(i).options());
    }
    return HexFormat.of().formatHex(hash.digest(keyed.toByteArray())) + " " + STREAMS;
  }

  private void options(@Nullable PathOptions options) {
    if (options == null) {
      number(-1);
      return;
    }
    number(options.rules().size());
    text(options.rewrite().regex());
    text(options.rewrite().replacement());
    for (Perm rule : options.rules()) {
      text(rule.regex());
      text(rule.mode());
      text(rule.orMode());
      number(rule.uid());
      number(rule.gid());
      text(rule.uname());
      text(rule.gname());
      number(rule.mtime().isPresent() ? 1 : 0);
      number(rule.mtime().orElse(0));
    }
  }

  private void text(String text) {
    byte[] bytes = FileNames.encode(text);
    number(bytes.length);
    keyed.writeBytes(bytes);
  }

  private void number(long number) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      keyed.write((int) (number >>> shift));
    }
  }

  private static String text(HashedLayer layer) {
    String first =
        layer.privilegedCount() == 0
            ? NO_FILE
            : HexFormat.of().formatHex(FileNames.encode(layer.firstPrivileged()));
    return layer.digest()
        + " "
        + layer.size()
        + " "
        + layer.entries()
        + " "
        + layer.privilegedCount()
        + " "
        + first;
  }

  private static @Nullable HashedLayer parse(@Nullable String text) {
    String[] parts = text == null ? new String[0] : text.split(" ", -1);
    if (parts.length != 5) {
      return null;
    }
    try {
      return new HashedLayer(
          Digest.parse(parts[0]),
          Long.parseLong(parts[1]),
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]),
          parts[4].equals(NO_FILE) ? "" : FileNames.decode(HexFormat.of().parseHex(parts[4])));
    } catch (StrataException | IllegalArgumentException _) {
      return null;
    }
  }

  /**
   * Reports the layers of the whole plan while those that are not known are hashed. Thread-safe.
   *
   * <p>Files with the setuid or setgid bit are reported at the end, since the first layer with one
   * may be known or not.
   */
  private static final class KnownLayers implements Progress {
    private final Progress next;
    private final @Nullable HashedLayer[] known;
    private final int[] places;

    KnownLayers(Progress next, @Nullable HashedLayer[] known, int[] places) {
      this.next = next;
      this.known = known;
      this.places = places;
    }

    @Override
    public void planned(int layers, long entries, long bytes) {
      long allEntries = entries;
      long allBytes = bytes;
      long knownBytes = 0;
      for (HashedLayer layer : known) {
        if (layer != null) {
          allEntries += layer.entries();
          knownBytes += layer.size();
        }
      }
      next.planned(known.length, allEntries, allBytes + knownBytes);
      if (knownBytes > 0) {
        next.advanced(knownBytes);
      }
      for (int i = 0; i < known.length; i++) {
        HashedLayer layer = known[i];
        if (layer != null) {
          next.finished(i, new Descriptor(MediaTypes.LAYER, layer.digest(), layer.size()));
        }
      }
    }

    void reportPrivileged(List<HashedLayer> layers) {
      long count = 0;
      String first = "";
      for (HashedLayer layer : layers) {
        first = count == 0 ? layer.firstPrivileged() : first;
        count += layer.privilegedCount();
      }
      if (count > 0) {
        next.privileged(count, first);
      }
    }

    @Override
    public void advanced(long bytes) {
      next.advanced(bytes);
    }

    @Override
    public void finished(int index, Descriptor descriptor) {
      next.finished(places[index], descriptor);
    }

    @Override
    public boolean cancelled() {
      return next.cancelled();
    }
  }
}
