package dev.strata.oci;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which images of an index are wanted. If there is no index, the only image is taken whatever is
 * wanted. Immutable and thread-safe.
 *
 * <p>For one platform, images for several variants of its architecture may do. They are preferred
 * as by Skopeo: first the wanted variant, then those that it can run, the most capable first, and
 * then an image without a variant. If no variant is wanted, an image without one comes first. The
 * version and the features of the operating system are not compared.
 *
 * @since 0.1.0
 */
public final class PlatformChoice {
  private static final PlatformChoice ALL = new PlatformChoice(Scope.ALL, List.of(), false);
  private static final PlatformChoice INDEX_ONLY =
      new PlatformChoice(Scope.INDEX, List.of(), false);

  /** The variants of an architecture in the order of Skopeo, the most capable first. */
  private static final Map<String, List<String>> VARIANTS =
      Map.of("arm", List.of("v8", "v7", "v6", "v5"), "arm64", List.of("v8"));

  /** All variants of an architecture, the most capable first, if Skopeo does not know all. */
  private static final Map<String, List<String>> MORE_VARIANTS =
      Map.of("amd64", List.of("v4", "v3", "v2", "v1"), "arm64", List.of("v9", "v8"));

  private final Scope scope;
  private final List<Platform> wanted;
  private final boolean thisMachine;

  /** What will do, the best first; determined when it is needed, since it may need a file. */
  private @Nullable List<Platform> suitable;

  private PlatformChoice(Scope scope, List<Platform> wanted, boolean thisMachine) {
    this.scope = scope;
    this.wanted = List.copyOf(wanted);
    this.thisMachine = thisMachine;
  }

  /**
   * How many images of an index are wanted.
   *
   * @since 0.1.0
   */
  public enum Scope {
    /** One image, without the index. */
    ONE,
    /** The index and all its images. */
    ALL,
    /** The index as it is, but only some of its images. */
    LISTED,
    /** The index as it is, but none of its images. */
    INDEX
  }

  /**
   * Chooses the index and all its images.
   *
   * @return the choice
   */
  public static PlatformChoice all() {
    return ALL;
  }

  /**
   * Chooses the index without its images.
   *
   * @return the choice
   */
  public static PlatformChoice indexOnly() {
    return INDEX_ONLY;
  }

  /**
   * Chooses the image for a platform.
   *
   * @param wanted the platform
   * @return the choice
   */
  public static PlatformChoice one(Platform wanted) {
    return new PlatformChoice(Scope.ONE, List.of(wanted), false);
  }

  /**
   * Chooses the image for this machine: Linux on its architecture, possibly in a virtual machine.
   *
   * @return the choice
   */
  public static PlatformChoice local() {
    return local("linux");
  }

  /**
   * Chooses the image for the architecture of this machine: one without a variant, or else for the
   * best variant that its processor runs.
   *
   * @param os the operating system, named as in Go
   * @return the choice
   */
  public static PlatformChoice local(String os) {
    Platform here = new Platform(os, Platform.localArchitecture(), "");
    return new PlatformChoice(Scope.ONE, List.of(here), true);
  }

  /**
   * Chooses the index and only some of its images.
   *
   * @param wanted the platforms of the images
   * @return the choice
   */
  public static PlatformChoice only(List<Platform> wanted) {
    return new PlatformChoice(Scope.LISTED, wanted, false);
  }

  /**
   * Returns how many images are wanted.
   *
   * @return the scope
   */
  public Scope scope() {
    return scope;
  }

  /**
   * Returns whether a single image is wanted.
   *
   * @return true for one image, false for an index
   */
  public boolean isOne() {
    return scope == Scope.ONE;
  }

  /**
   * Returns the wanted platforms.
   *
   * @return the platforms; one for {@link Scope#ONE}, and none for all images or for none
   */
  public List<Platform> wanted() {
    return wanted;
  }

  /**
   * Returns how well an image for a platform suits, if a single image is wanted.
   *
   * @param platform the platform of the image
   * @return 0 for the best platform, a larger number for a less suitable one, and -1 for one that
   *     does not suit
   */
  public int rank(Platform platform) {
    return suitable().indexOf(normal(platform));
  }

  private synchronized List<Platform> suitable() {
    if (suitable == null) {
      suitable = isOne() ? suitable(normal(wanted.getFirst()), thisMachine) : List.of();
    }
    return suitable;
  }

  private static List<Platform> suitable(Platform wanted, boolean thisMachine) {
    String here = thisMachine ? CpuVariant.ofThisMachine() : "";
    return suitable(wanted, here);
  }

  /** Returns what will do for a platform on a machine of a variant, which is empty if unknown. */
  static List<Platform> suitable(Platform wanted, String machine) {
    String architecture = wanted.architecture();
    List<String> known = VARIANTS.getOrDefault(architecture, List.of());
    List<String> all = MORE_VARIANTS.getOrDefault(architecture, known);
    Set<String> order = new LinkedHashSet<>();
    // Skopeo looks at the variant of an ARM machine, but not at that of others.
    String variant =
        wanted.variant().isEmpty() && known.contains(machine) ? machine : wanted.variant();
    if (!variant.isEmpty()) {
      order.add(variant);
      order.addAll(below(known, variant));
      order.add("");
      order.addAll(below(all, variant));
    } else {
      order.add("");
      order.addAll(known);
      // The least demanding variant first, unless the machine is known.
      order.addAll(machine.isEmpty() ? all.reversed() : below(all, machine));
    }
    List<Platform> platforms = new ArrayList<>();
    for (String each : order) {
      platforms.add(new Platform(wanted.os(), architecture, each));
    }
    return platforms;
  }

  /** Returns a variant and those that it can run. */
  private static List<String> below(List<String> variants, String variant) {
    int at = variants.indexOf(variant);
    return at < 0 ? List.of() : variants.subList(at, variants.size());
  }

  /** Returns a platform with the names of Go for its parts. */
  private static Platform normal(Platform platform) {
    String variant = platform.variant();
    if (variant.matches("[5-9]")) {
      variant = "v" + variant;
    }
    return switch (platform.architecture()) {
      case "x86_64", "x86-64" -> new Platform(platform.os(), "amd64", variant);
      case "aarch64" -> new Platform(platform.os(), "arm64", variant);
      case "i386", "i686" -> new Platform(platform.os(), "386", variant);
      case "armhf" -> new Platform(platform.os(), "arm", "v7");
      case "armel" -> new Platform(platform.os(), "arm", "v6");
      default -> new Platform(platform.os(), platform.architecture(), variant);
    };
  }
}
