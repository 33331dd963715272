package org.example.image;

import dev.strata.BuiltImage;
import dev.strata.ImageBuilder;
import java.nio.file.Path;

/** Builds an image of the folder that is the first argument, and copies it to the second. */
public final class ImageWorker {
  private ImageWorker() {}

  public static void main(String[] args) {
    ImageBuilder builder =
        ImageBuilder.fromScratch().add(Path.of(args[0]), "/app").entrypoint("/app/hello");
    try (BuiltImage image = builder.build()) {
      System.out.println("Copied " + args[1] + "@" + image.copyTo(args[1]).digest());
    }
  }
}
