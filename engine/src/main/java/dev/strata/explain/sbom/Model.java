package dev.strata.explain.sbom;

import dev.strata.oci.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What both formats say. Immutable.
 *
 * @param image the image
 * @param created when the image was created; null if unknown
 * @param timestamp when the document was made; null for none
 * @param components the components of the image, sorted by their identifiers
 * @param storePaths the store paths among them, sorted
 * @param dependencies for the image and each component that has any, the components that it refers
 *     to, sorted
 * @param referencesKnown whether the references between all store paths are known
 * @param notes what is missing
 */
record Model(
    Component image,
    @Nullable Timestamp created,
    @Nullable Timestamp timestamp,
    List<Component> components,
    List<String> storePaths,
    SortedMap<String, List<String>> dependencies,
    boolean referencesKnown,
    List<String> notes) {
  /** Returns all components without the image, each before those in it. */
  List<Component> all() {
    List<Component> all = new ArrayList<>();
    addAll(components, all);
    return all;
  }

  private static void addAll(List<Component> components, List<Component> all) {
    for (Component component : components) {
      all.add(component);
      addAll(component.parts(), all);
    }
  }

  /** The version of this library; empty if it was not packaged. */
  static String toolVersion() {
    String version = Model.class.getPackage().getImplementationVersion();
    return version == null ? "" : version;
  }
}
