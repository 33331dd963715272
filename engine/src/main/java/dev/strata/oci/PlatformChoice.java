package dev.strata.oci;

import java.util.List;

/**
 * Which images of an index are wanted. If there is no index, the only image is taken whatever is
 * wanted. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class PlatformChoice {
  private static final PlatformChoice ALL = new PlatformChoice(Scope.ALL, List.of());
  private static final PlatformChoice INDEX_ONLY = new PlatformChoice(Scope.INDEX, List.of());

  private final Scope scope;
  private final List<Platform> wanted;

  private PlatformChoice(Scope scope, List<Platform> wanted) {
    this.scope = scope;
    this.wanted = List.copyOf(wanted);
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
    return new PlatformChoice(Scope.ONE, List.of(wanted));
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
   * Chooses the image for the architecture of this machine.
   *
   * @param os the operating system, named as in Go
   * @return the choice
   */
  public static PlatformChoice local(String os) {
    return one(new Platform(os, Platform.localArchitecture(), ""));
  }

  /**
   * Chooses the index and only some of its images.
   *
   * @param wanted the platforms of the images
   * @return the choice
   */
  public static PlatformChoice only(List<Platform> wanted) {
    return new PlatformChoice(Scope.LISTED, wanted);
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
}
