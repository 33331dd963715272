package org.example.image;

import java.io.File;
import java.util.Arrays;
import org.gradle.api.file.FileCollection;
import org.gradle.api.tasks.Classpath;
import org.gradle.api.tasks.Exec;
import org.gradle.api.tasks.Input;
import org.gradle.api.tasks.InputDirectory;

/**
 * Builds an image of a folder and copies it to a registry or another place. The engine runs in a
 * Java 25 of its own, so that Gradle may run on an older one.
 */
public class BuildImage extends Exec {
  private File folder;
  private String to;
  private FileCollection engine;

  @InputDirectory
  public File getFolder() {
    return folder;
  }

  /** Sets the folder whose contents the image has in {@code /app}. */
  public void setFolder(File folder) {
    this.folder = folder;
  }

  @Input
  public String getTo() {
    return to;
  }

  /** Sets the place to copy the image to, such as {@code docker://registry.example.org/app:1}. */
  public void setTo(String to) {
    this.to = to;
  }

  @Classpath
  public FileCollection getEngine() {
    return engine;
  }

  /** Sets the class path of the engine and of {@code ImageWorker}. */
  public void setEngine(FileCollection engine) {
    this.engine = engine;
  }

  @Override
  protected void exec() {
    setArgs(
        Arrays.asList(
            "-cp", engine.getAsPath(), "org.example.image.ImageWorker", folder.getPath(), to));
    super.exec();
  }
}
