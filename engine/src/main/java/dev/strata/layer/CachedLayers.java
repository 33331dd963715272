package dev.strata.layer;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.ForwardingProgress;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.Progress;
import dev.strata.internal.cache.SealedCache;
import dev.strata.internal.files.CaseHack;
import dev.strata.internal.files.FileMode;
import dev.strata.internal.files.Listing;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.files.StopCheck;
import dev.strata.internal.pipeline.HashedLayer;
import dev.strata.internal.pipeline.LayerPipeline;
import dev.strata.internal.pipeline.LayerSink;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layering.ExcludePatterns;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
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

  /** With so many layers, the file of the cache is read while the keys are computed. */
  private static final int MANY = 32;

  private static final String NO_FILE = "-";

  private final LayerCache cache;
  private final SealedCache lines;
  private final SourceStamps taken;
  private final int jobs;
  private final Progress progress;
  private final MessageDigest hash = Digest.newSha256();

  private final Listing listing = Listing.withTimes();

  /** What the key of a layer is a hash of. */
  private final ByteArrayOutputStream keyed = new ByteArrayOutputStream();

  CachedLayers(LayerCache cache, SourceStamps taken, int jobs, Progress progress) {
    this.cache = cache;
    this.taken = taken;
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
    Thread reader = plan.size() >= MANY ? load() : null;
    @Nullable String[] keys;
    try {
      keys = keys(plan);
    } finally {
      await(reader);
    }
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
        // What a listener has to hear of is found by building the layer.
        if (key != null && !layer.remarked()) {
          lines.put(key, text(layer));
        }
      }
      layers.add(layer);
    }
    heard.reportPrivileged(layers);
    lines.flush();
    return layers;
  }

  /** Begins to read the file of the cache, which is otherwise read when it is needed. */
  private @Nullable Thread load() {
    try {
      return Thread.ofPlatform().daemon().name("strata-layer-cache").start(lines::load);
    } catch (OutOfMemoryError _) {
      // The system permits no more threads.
      return null;
    }
  }

  private static void await(@Nullable Thread reader) {
    boolean interrupted = false;
    while (reader != null && reader.isAlive()) {
      try {
        reader.join();
      } catch (InterruptedException _) {
        // Reading the file takes milliseconds.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable String[] keys(List<List<LayerPath>> plan) {
    Set<String> unknown = new LinkedHashSet<>();
    for (List<LayerPath> layer : plan) {
      for (LayerPath path : layer) {
        if (!cache.isInStore(path.path()) && taken.of(path.path()) == null) {
          unknown.add(path.path());
        }
      }
    }
    StopCheck check = this::checkStopped;
    SourceStamps own = SourceStamps.take(unknown, jobs, progress, cache);
    @Nullable String[] keys = new String[plan.size()];
    try (SourceFiles files = SourceFiles.openForFew(check)) {
      for (int i = 0; i < keys.length; i++) {
        keys[i] = key(plan.get(i), own, files);
      }
    }
    return keys;
  }

  private void checkStopped() {
    if (progress.cancelled()) {
      throw new CancellationException("cancelled");
    }
    SourceFiles.checkInterrupted();
  }

  /** Returns the key of a layer, or null if later changes of a path could not be noticed. */
  private @Nullable String key(List<LayerPath> layer, SourceStamps own, SourceFiles files) {
    checkStopped();
    keyed.reset();
    // Without it, the suffix is a part of names.
    number(CaseHack.isUsed() ? 1 : 0);
    for (LayerPath path : layer) {
      text(path.path());
      options(path.options());
      if (!(cache.isInStore(path.path()) ? storePath(path.path(), files) : stamp(path, own))) {
        return null;
      }
    }
    return HexFormat.of().formatHex(hash.digest(keyed.toByteArray())) + " " + STREAMS;
  }

  /** Adds the path itself, which does not change as long as it exists. */
  private boolean storePath(String path, SourceFiles files) {
    byte[] name = FileNames.encode(path);
    try {
      files.stat(name, name.length, listing);
    } catch (StrataException _) {
      // Building the layer reports it.
      return false;
    }
    number(listing.mode(0));
    number(listing.size(0));
    if (FileMode.isSymlink(listing.mode(0))) {
      keyed.write(listing.bytes(), listing.linkOffset(0), (int) listing.size(0));
    } else {
      number(listing.changeTime(0));
      number(listing.inode(0));
    }
    return true;
  }

  /**
   * Adds the state of all files of a path. Their newest change time is a part of it: a file that
   * appears while the layer is built, and is removed later, leaves a newer one.
   */
  private boolean stamp(LayerPath path, SourceStamps own) {
    SourceStamp known = taken.of(path.path());
    SourceStamp stamp = known == null ? own.of(path.path()) : known;
    Digest state = stamp == null ? null : stamp.digest();
    if (stamp == null || state == null) {
      return false;
    }
    text(state.hex());
    number(stamp.newest());
    return true;
  }

  private void options(@Nullable PathOptions options) {
    if (options == null) {
      number(-1);
      return;
    }
    text(options.rewrite().regex());
    text(options.rewrite().replacement());
    rules(options.rules());
    ExcludePatterns excludes = options.excludes();
    // Without any, a socket is an error; with an empty list, it is left out.
    number(excludes == null ? -1 : excludes.rules().size());
    if (excludes != null) {
      for (ExcludePatterns.Rule rule : excludes.rules()) {
        text(rule.pattern());
        text(rule.below());
      }
    }
    rules(options.parents());
  }

  private void rules(List<Perm> rules) {
    number(rules.size());
    for (Perm rule : rules) {
      text(rule.regex());
      text(rule.mode());
      text(rule.orMode());
      number(rule.uid());
      number(rule.gid());
      text(rule.uname());
      text(rule.gname());
      number(rule.mtime().isPresent() ? 1 : 0);
      number(rule.mtime().orElse(0));
      text(rule.dirMode());
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
          parts[4].equals(NO_FILE) ? "" : FileNames.decode(HexFormat.of().parseHex(parts[4])),
          false);
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
  private static final class KnownLayers extends ForwardingProgress {
    private final @Nullable HashedLayer[] known;
    private final int[] places;

    KnownLayers(Progress next, @Nullable HashedLayer[] known, int[] places) {
      super(next);
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
      super.planned(known.length, allEntries, allBytes + knownBytes);
      if (knownBytes > 0) {
        super.advanced(knownBytes);
      }
      for (int i = 0; i < known.length; i++) {
        HashedLayer layer = known[i];
        if (layer != null) {
          super.finished(i, new Descriptor(MediaTypes.LAYER, layer.digest(), layer.size()));
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
        super.privileged(count, first);
      }
    }

    @Override
    public void privileged(long files, String first) {
      // See reportPrivileged.
    }

    @Override
    public void finished(int index, Descriptor descriptor) {
      super.finished(places[index], descriptor);
    }
  }
}
