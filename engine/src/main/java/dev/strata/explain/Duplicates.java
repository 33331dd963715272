package dev.strata.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Files whose content an image stores more than once. Immutable and thread-safe.
 *
 * @param wasted the bytes of files that an upper layer stores again at the same path
 * @param shareable the bytes of files whose content is also at other paths
 * @param largest the contents with the most bytes to save, the first one with the most
 * @since 0.1.0
 */
public record Duplicates(long wasted, long shareable, List<Duplicate> largest) {
  /**
   * A content that is stored more than once.
   *
   * @param size the size of one copy in bytes
   * @param wasted the number of copies at a path that a lower layer has the same content at
   * @param shareable the number of copies at other paths
   * @param copies where the first copies are
   * @since 0.1.0
   */
  public record Duplicate(long size, int wasted, int shareable, List<Copy> copies) {
    /** Copies the list. */
    public Duplicate {
      copies = List.copyOf(copies);
    }

    /**
     * Returns what could be saved.
     *
     * @return the bytes of all copies but one
     */
    public long bytes() {
      return size * (wasted + shareable);
    }
  }

  /**
   * A copy of a content.
   *
   * @param layer the number of the layer, from 0
   * @param path the path of the file
   * @since 0.1.0
   */
  public record Copy(int layer, String path) {}

  /** Where an entry is; compact, since there may be many. */
  private record Place(int layer, int index) {}

  /** Copies the list. */
  public Duplicates {
    largest = List.copyOf(largest);
  }

  /**
   * Finds duplicates. Empty files are no duplicates.
   *
   * @param layers the entries of each layer with checksums, the lowest first
   * @param limit the number of contents to list
   * @param copies the number of copies to list of each content
   * @return the duplicates
   */
  public static Duplicates of(List<LayerFiles> layers, int limit, int copies) {
    Map<Checksum, Place> first = new HashMap<>();
    Map<Checksum, List<Place>> several = new HashMap<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      LayerFiles files = layers.get(layer);
      for (int i = 0; i < files.count(); i++) {
        LayerFiles.Entry entry = files.entry(i);
        Checksum content = entry.content();
        if (content == null || entry.file().size() == 0) {
          continue;
        }
        Place place = new Place(layer, i);
        Place known = first.putIfAbsent(content, place);
        if (known != null) {
          several.computeIfAbsent(content, _ -> new ArrayList<>(List.of(known))).add(place);
        }
      }
    }
    long wasted = 0;
    long shareable = 0;
    List<Duplicate> all = new ArrayList<>();
    for (List<Place> places : several.values()) {
      Duplicate duplicate = duplicate(layers, places, copies);
      wasted += duplicate.size() * duplicate.wasted();
      shareable += duplicate.size() * duplicate.shareable();
      all.add(duplicate);
    }
    all.sort(
        Comparator.comparingLong(Duplicate::bytes)
            .reversed()
            .thenComparing(duplicate -> duplicate.copies().getFirst().path()));
    return new Duplicates(wasted, shareable, all.subList(0, Math.min(limit, all.size())));
  }

  private static Duplicate duplicate(List<LayerFiles> layers, List<Place> places, int copies) {
    Map<String, Integer> byPath = new HashMap<>();
    List<Copy> listed = new ArrayList<>();
    long size = 0;
    for (Place place : places) {
      FileEntry file = layers.get(place.layer()).entry(place.index()).file();
      size = file.size();
      byPath.merge(file.path(), 1, Integer::sum);
      if (listed.size() < copies) {
        listed.add(new Copy(place.layer(), file.path()));
      }
    }
    int wasted = places.size() - byPath.size();
    return new Duplicate(size, wasted, byPath.size() - 1, listed);
  }
}
