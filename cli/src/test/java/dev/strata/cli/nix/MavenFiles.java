package dev.strata.cli.nix;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files of Maven Central that the Nix package is built from, copied from Maven's repository.
 */
final class MavenFiles {
  private static final String LOCAL_REPOSITORY =
      System.getProperty(
          "strata.mavenRepository", System.getProperty("user.home", "") + "/.m2/repository");

  private static @Nullable MavenFiles copied;

  /** For the argument {@code mavenRepository} of the miniature package set. */
  final Path folder;

  /** Of the files, in the form of the argument {@code mvnHash}. */
  final String hash;

  private MavenFiles(Path folder, String hash) {
    this.folder = folder;
    this.hash = hash;
  }

  /** Copies the files by the script that computes their hash, once for all tests. */
  static synchronized MavenFiles copy() {
    MavenFiles files = copied;
    if (files == null) {
      Path folder = Path.of("target/maven-files").toAbsolutePath();
      Nix.run("rm", "-rf", folder.toString()).ok();
      String script = Nix.root().resolve("nix/update-maven-hash.sh").toString();
      String hash =
          Nix.run(script, "--from", LOCAL_REPOSITORY, "--keep", folder.toString(), "--print")
              .ok()
              .out()
              .strip();
      files = new MavenFiles(folder, hash);
      copied = files;
    }
    return files;
  }
}
