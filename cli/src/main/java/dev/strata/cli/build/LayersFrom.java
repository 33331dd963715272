package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.UsageException;
import dev.strata.io.FileNames;
import dev.strata.layer.LayerSource;
import dev.strata.oci.Reference;
import org.jspecify.annotations.Nullable;

/** Options that name the registry which has the layers of an image pulled without them. */
final class LayersFrom {
  private static final String DOCKER = "docker://";

  private final Argument<String> image;
  private final Argument<Boolean> tlsVerify;

  LayersFrom(Arguments arguments) {
    image =
        arguments.text(
            "docker://NAME", "Leave the layers in the registry of this image", "--layers-from");
    tlsVerify =
        arguments.choice("Require HTTPS of that registry later (default: true)", "--tls-verify");
  }

  /** Returns where the layers lie; null if they are in files. */
  @Nullable LayerSource source() {
    String name = image.get();
    Boolean verify = tlsVerify.get();
    if (name == null) {
      if (verify != null) {
        throw new UsageException("--tls-verify requires --layers-from");
      }
      return null;
    }
    if (!name.startsWith(DOCKER)) {
      throw new UsageException(
          "--layers-from: must be an image in a registry, such as docker://alpine, got "
              + FileNames.quote(name));
    }
    return LayerSource.of(
        Reference.parse(name.substring(DOCKER.length())), !Boolean.FALSE.equals(verify));
  }
}
