package dev.strata.house;

import java.util.ArrayList;
import java.util.List;

/**
 * The packages of a module in their order. A package may use itself and the packages listed before
 * it; packages on one floor may not use each other. Immutable and thread-safe.
 *
 * @param root the package that all of them are in
 * @param floors the packages of each floor, relative to the root; an empty name is the root itself
 */
public record Rooms(String root, List<List<String>> floors) {
  /** The rooms of the engine. docs/architecture.md draws them in this order. */
  public static final Rooms ENGINE =
      new Rooms(
          "dev.strata",
          List.of(
              List.of("io"),
              List.of("internal.foreign"),
              List.of("internal.files"),
              List.of("internal.json"),
              List.of("blob"),
              List.of("internal.cache"),
              List.of("oci"),
              List.of("closure"),
              List.of("layering"),
              List.of("internal.regex"),
              List.of("internal.tree"),
              List.of("internal.tar"),
              List.of("internal.pipeline"),
              List.of("layer"),
              List.of("internal.deflate"),
              List.of("internal.chunked"),
              List.of("compress"),
              List.of("image"),
              List.of("transport"),
              List.of("internal.http"),
              List.of("internal.auth"),
              List.of("transport.folder"),
              List.of("transport.archive"),
              List.of("serve"),
              List.of("transport.daemon"),
              List.of("transport.registry"),
              List.of("explain"),
              List.of("explain.sbom"),
              List.of("")));

  /** The rooms of the command line. Groups of commands do not know each other. */
  public static final Rooms CLI =
      new Rooms(
          "dev.strata.cli",
          List.of(
              List.of("terminal"),
              List.of("template"),
              List.of("command"),
              List.of("options"),
              List.of("build", "move", "look", "demo"),
              List.of(""),
              // Programs that run when the distribution is packed.
              List.of("packing", "training")));

  /** Copies the lists. */
  public Rooms {
    floors = floors.stream().map(List::copyOf).toList();
  }

  /** Returns the full names of the packages, in order. */
  public List<String> packages() {
    List<String> packages = new ArrayList<>();
    for (List<String> floor : floors) {
      for (String room : floor) {
        packages.add(packageOf(room));
      }
    }
    return packages;
  }

  /** Returns whether a package is the root or in it. */
  public boolean contain(String packageName) {
    return packageName.equals(root) || packageName.startsWith(root + ".");
  }

  /**
   * Returns the number of a package's floor, counted from 0, or -1 if the package is not listed.
   */
  public int floorOf(String packageName) {
    for (int i = 0; i < floors.size(); i++) {
      for (String room : floors.get(i)) {
        if (packageOf(room).equals(packageName)) {
          return i;
        }
      }
    }
    return -1;
  }

  private String packageOf(String room) {
    return room.isEmpty() ? root : root + "." + room;
  }
}
