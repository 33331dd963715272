package dev.strata.closure;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.Object2IntHashMap;

/**
 * The reference graph of a closure: store paths and the store paths they refer to. Immutable and
 * thread-safe.
 *
 * @param paths the store paths, in the order of the file they were read from
 * @since 0.1.0
 */
public record ClosureGraph(List<StorePath> paths) {
  static final String REMEDY = "use the file of Nix's exportReferencesGraph";
  private static final int UNKNOWN = -1;

  /** Copies the list. */
  public ClosureGraph {
    paths = List.copyOf(paths);
  }

  /**
   * Reads a closure graph as written by Nix's {@code exportReferencesGraph} and {@code nix
   * path-info --json}: an array of objects with {@code path}, {@code references}, {@code narHash}
   * and {@code narSize}. Other keys are ignored, and keys match regardless of case.
   *
   * <p>The file may also have the attributes of a Nix builder with {@code __structuredAttrs}: an
   * object whose field {@code graph} is the array. Then the paths in {@code ignoredPaths} are left
   * out, only those in {@code onlyPaths}, if there is such a field, are kept, without their
   * references, and the graph is sorted.
   *
   * @param file the JSON file
   * @return the graph; empty for JSON {@code null}
   * @throws dev.strata.io.NotFoundException if the file does not exist
   * @throws InvalidInputException if the file is not such JSON, or another path refers to one that
   *     is left out
   * @throws dev.strata.io.StrataException if the file cannot be read
   */
  public static ClosureGraph read(Path file) {
    return JsonInput.read(file, in -> in.isObject() ? BuilderAttributes.read(in) : array(in));
  }

  private static ClosureGraph array(JsonInput in) {
    List<StorePath> paths = in.list("store paths", ClosureGraph::storePath);
    return new ClosureGraph(paths == null ? List.of() : paths);
  }

  /**
   * Reads the output of {@code nix path-info --json --recursive}, in any of its formats.
   *
   * @param json the output
   * @param storeDirectory the store directory, such as {@code /nix/store}, for formats that leave
   *     it out
   * @return the graph, in the order of the output
   * @throws dev.strata.io.NotFoundException if Nix reports that a path is not in the store
   * @throws InvalidInputException if the output is in none of the formats
   */
  public static ClosureGraph parsePathInfo(byte[] json, String storeDirectory) {
    return new ClosureGraph(PathInfo.parse(json, storeDirectory));
  }

  static StorePath storePath(JsonInput in) {
    class Fields {
      String path = "";
      List<String> references = List.of();
      final NarInfo.Fields nar = new NarInfo.Fields();
      boolean hasPath;
      boolean otherKeys;
    }
    Fields f = new Fields();
    in.object(
        "a store path",
        (key, value) -> {
          switch (key) {
            case "path" -> {
              f.hasPath = true;
              f.path = value.string(f.path);
            }
            case "references" -> f.references = value.strings();
            default -> {
              f.otherKeys = true;
              if (!f.nar.take(key, value)) {
                value.skip();
              }
            }
          }
        });
    if (f.otherKeys && !f.hasPath) {
      throw in.otherKind("a closure graph", REMEDY);
    }
    return new StorePath(f.path, f.references, f.nar.of(f.path));
  }

  /**
   * Returns the graph as JSON that {@link #read} accepts. Hash and size of the Nix archives are
   * written where both are known.
   *
   * @return the text, with a trailing newline
   */
  public String toJson() {
    JsonOutput out = JsonOutput.indented();
    out.beginArray();
    for (StorePath p : paths) {
      out.beginObject().field("path", p.path()).name("references").beginArray();
      p.references().forEach(out::string);
      out.endArray();
      if (p.nar().isComplete()) {
        out.field("narHash", p.nar().hash().orElseThrow().value());
        out.field("narSize", p.nar().size().orElseThrow());
      }
      out.endObject();
    }
    return out.endArray() + "\n";
  }

  /**
   * Sorts the paths, and the references of each, as bytes.
   *
   * @return the same graph for any order of the paths
   */
  public ClosureGraph sorted() {
    List<StorePath> all = new ArrayList<>(paths.size());
    for (StorePath p : paths) {
      List<String> references = new ArrayList<>(p.references());
      references.sort(JsonOutput.KEY_ORDER);
      all.add(new StorePath(p.path(), references, p.nar()));
    }
    all.sort((a, b) -> JsonOutput.KEY_ORDER.compare(a.path(), b.path()));
    return new ClosureGraph(all);
  }

  /**
   * Orders the store paths by popularity, as the reference implementation does. The popularity of a
   * path is the number of chains of references that lead to it, including the empty one, modulo
   * 2<sup>64</sup>. The most popular path comes first; of two equally popular ones, the one that
   * the graph mentions later.
   *
   * <p>Source: Graham Christensen, <i>Optimising Docker layers for better caching with Nix</i>.
   *
   * @return every path that the graph mentions, including those that only occur as references
   * @throws InvalidInputException if the references form a cycle
   */
  public List<String> byPopularity() {
    Object2IntHashMap<String> ids = new Object2IntHashMap<>(UNKNOWN);
    List<String> names = new ArrayList<>();
    List<IntArrayList> references = new ArrayList<>();
    for (StorePath p : paths) {
      IntArrayList targets = references.get(id(p.path(), ids, names, references));
      for (String reference : p.references()) {
        targets.addInt(id(reference, ids, names, references));
      }
    }
    int[][] targets = new int[names.size()][];
    int[] seenFrom = new int[targets.length];
    Arrays.fill(seenFrom, UNKNOWN);
    for (int i = 0; i < targets.length; i++) {
      targets[i] = distinct(references.get(i), i, seenFrom);
    }
    long[] popularity = popularity(targets, names);
    Integer[] order = new Integer[names.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        (a, b) ->
            popularity[a] != popularity[b]
                ? Long.compare(popularity[b], popularity[a])
                : Integer.compare(b, a));
    List<String> ordered = new ArrayList<>(order.length);
    for (int node : order) {
      ordered.add(names.get(node));
    }
    return Collections.unmodifiableList(ordered);
  }

  /**
   * Returns the nodes that a node refers to, each once, without the node itself.
   *
   * @param seenFrom the last node that was found to refer to each node
   */
  private static int[] distinct(IntArrayList references, int node, int[] seenFrom) {
    int[] targets = new int[references.size()];
    int count = 0;
    seenFrom[node] = node;
    for (int i = 0; i < targets.length; i++) {
      int target = references.getInt(i);
      if (seenFrom[target] != node) {
        seenFrom[target] = node;
        targets[count++] = target;
      }
    }
    return Arrays.copyOf(targets, count);
  }

  private static int id(
      String path,
      Object2IntHashMap<String> ids,
      List<String> names,
      List<IntArrayList> references) {
    int known = ids.getValue(path);
    if (known != UNKNOWN) {
      return known;
    }
    int id = names.size();
    ids.put(path, id);
    names.add(path);
    references.add(new IntArrayList());
    return id;
  }

  /** Adds up along a topological order (Kahn); the sums do not depend on which one. */
  private static long[] popularity(int[][] targets, List<String> names) {
    int nodes = targets.length;
    int[] incoming = new int[nodes];
    for (int[] to : targets) {
      for (int t : to) {
        incoming[t]++;
      }
    }
    int[] queue = new int[nodes];
    int tail = 0;
    for (int i = 0; i < nodes; i++) {
      if (incoming[i] == 0) {
        queue[tail++] = i;
      }
    }
    long[] popularity = new long[nodes];
    Arrays.fill(popularity, 1);
    for (int head = 0; head < tail; head++) {
      int node = queue[head];
      for (int t : targets[node]) {
        popularity[t] += popularity[node];
        if (--incoming[t] == 0) {
          queue[tail++] = t;
        }
      }
    }
    if (tail < nodes) {
      throw new InvalidInputException(
          "the closure graph has a cycle: " + cycle(targets, incoming, names));
    }
    return popularity;
  }

  /** Describes one cycle: walking backwards from any remaining node leads into one. */
  private static String cycle(int[][] targets, int[] incoming, List<String> names) {
    int[] predecessor = new int[targets.length];
    Arrays.fill(predecessor, -1);
    int start = -1;
    for (int i = 0; i < targets.length; i++) {
      if (incoming[i] > 0) {
        for (int t : targets[i]) {
          predecessor[t] = i;
        }
        start = i;
      }
    }
    boolean[] seen = new boolean[targets.length];
    int node = start;
    while (!seen[node]) {
      seen[node] = true;
      node = predecessor[node];
    }
    List<String> parts = new ArrayList<>();
    int at = node;
    do {
      parts.addFirst(FileNames.quote(names.get(at)));
      at = predecessor[at];
    } while (at != node);
    String shown =
        parts.size() <= 8
            ? String.join(" -> ", parts)
            : String.join(" -> ", parts.subList(0, 8)) + " -> (" + (parts.size() - 8) + " more)";
    return shown + " -> " + parts.getFirst() + ": remove one of these references from the graph";
  }
}
