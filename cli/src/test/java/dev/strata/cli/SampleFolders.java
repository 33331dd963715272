package dev.strata.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small folders to make images of, all below one directory. */
public final class SampleFolders {
  private final Path root;

  public SampleFolders(Path root) {
    this.root = root;
  }

  /** A name below the directory, as an argument. */
  public String path(String name) {
    return root.resolve(name).toString();
  }

  /** Writes a file, with the folders it is in. */
  public String file(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content).toString();
  }

  public String read(String name) throws IOException {
    return Files.readString(root.resolve(name));
  }
}
