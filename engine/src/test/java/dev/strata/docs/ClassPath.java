package dev.strata.docs;

import java.io.File;
import java.nio.file.Path;

/** The jars that the tests run with. */
final class ClassPath {
  private ClassPath() {}

  /** Returns the jar of an artifact, by the start of its file name. */
  static Path jar(String artifact) {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path file = Path.of(entry);
      String name = String.valueOf(file.getFileName());
      // A digit follows: the version, not the rest of a longer name.
      if (name.matches(artifact + "-[0-9].*\\.jar") && !name.endsWith("-tests.jar")) {
        return file.toAbsolutePath();
      }
    }
    throw new AssertionError(artifact + "-*.jar is not on the class path");
  }
}
