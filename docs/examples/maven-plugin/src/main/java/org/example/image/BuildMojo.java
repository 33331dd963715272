package org.example.image;

import dev.strata.BuiltImage;
import dev.strata.ImageBuilder;
import dev.strata.io.StrataException;
import java.io.File;
import java.util.List;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Builds an image of a folder and copies it to a registry or another place. */
@Mojo(name = "build", defaultPhase = LifecyclePhase.PACKAGE, threadSafe = true)
public final class BuildMojo extends AbstractMojo {
  /** The image to start with, such as {@code docker://debian:12}; by default an empty one. */
  @Parameter(property = "image.from")
  private String from;

  /** The folder whose contents become a layer. */
  @Parameter(property = "image.folder", defaultValue = "${project.build.outputDirectory}")
  private File folder;

  /** The folder of the image that gets them. */
  @Parameter(property = "image.target", defaultValue = "/app")
  private String target;

  /** The program to run, with its arguments. */
  @Parameter(property = "image.entrypoint")
  private List<String> entrypoint = List.of();

  /** Where to copy the image, such as {@code docker://registry.example.org/app:1}. */
  @Parameter(property = "image.to", required = true)
  private String to;

  @Override
  public void execute() throws MojoExecutionException {
    ImageBuilder builder = from == null ? ImageBuilder.fromScratch() : ImageBuilder.from(from);
    try (BuiltImage image =
        builder
            .add(folder.toPath(), target)
            .entrypoint(entrypoint.toArray(String[]::new))
            .build()) {
      getLog().info("Copied " + to + "@" + image.copyTo(to).digest());
    } catch (StrataException e) {
      throw new MojoExecutionException(e.getMessage(), e);
    }
  }
}
