package dev.strata.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small folders to build images of, all in one directory. */
public final class SampleFolders {
  private final Path root;

  public SampleFolders(Path root) {
    this.root = root;
  }

  /** Returns the absolute name of a file in the directory. */
  public String path(String name) {
    return root.resolve(name).toString();
  }

  /** Writes a file and creates its folders. */
  public String file(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content).toString();
  }

  public String read(String name) throws IOException {
    return Files.readString(root.resolve(name));
  }
}
