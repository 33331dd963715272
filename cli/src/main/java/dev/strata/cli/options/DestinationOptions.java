package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.command.WholeNumber;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Reference;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.registry.BlobLocations;
import dev.strata.transport.registry.RegistryOptions;
import java.util.ArrayList;
import java.util.List;

/** Options for the destination's registry, with Skopeo's names and a few of Strata's own. */
public final class DestinationOptions {
  private static final String DOCKER = "docker://";

  private final RegistryAccess access;
  private final Argument<Long> chunkSize;
  private final Argument<List<String>> mountFrom;
  private final Argument<List<String>> reuseFrom;
  private final Argument<Boolean> noReuse;

  public DestinationOptions(Arguments arguments) {
    access =
        new RegistryAccess(
            arguments.choice(
                "Require HTTPS of the destination (default: see --tls-verify)",
                "--dest-tls-verify"),
            arguments.text(
                "USER[:PASSWORD]", "Destination credentials", "--dest-creds", "--dcreds"),
            arguments.text("USER", "Destination user", "--dest-username"),
            arguments.text("PASSWORD", "Destination password", "--dest-password"),
            arguments.flag("Access the destination without credentials", "--dest-no-creds"),
            arguments.text("TOKEN", "Bearer token for the destination", "--dest-registry-token"),
            arguments.text(
                "DIR", "Destination certificates: *.crt, *.cert, *.key", "--dest-cert-dir"),
            arguments.text("FILE", "Credentials file for the destination", "--dest-authfile"));
    chunkSize =
        arguments.value(
            WholeNumber::readLong,
            "BYTES",
            "Maximum size of an upload request (default: none)",
            "--chunk-size");
    mountFrom =
        arguments.texts(
            "REPOSITORY", "Repository to mount layers from; repeatable", "--mount-from");
    reuseFrom =
        arguments.texts(
            "IMAGE",
            "Image in the registry whose compressed layers to use; repeatable",
            "--reuse-from");
    noReuse = arguments.flag("Compress layers even if the replaced image has them", "--no-reuse");
  }

  /** Checks the arguments for a destination, before any work is done. */
  public void check(ImageLocation to) {
    access.check();
    if (reuseFrom.get() == null) {
      return;
    }
    if (noReuse.isSet()) {
      throw new UsageException("--reuse-from and --no-reuse cannot be combined");
    }
    if (!(to instanceof ImageLocation.Registry)) {
      throw new UsageException("--reuse-from requires a docker:// destination");
    }
    images();
  }

  private List<Reference> images() {
    List<Reference> images = new ArrayList<>();
    for (String name : reuseFrom.orElse(List.of())) {
      try {
        images.add(
            Reference.parse(name.startsWith(DOCKER) ? name.substring(DOCKER.length()) : name));
      } catch (InvalidInputException e) {
        throw new UsageException("--reuse-from: " + e.getMessage());
      }
    }
    return images;
  }

  public RegistryOptions options(Context context, CommonRegistryOptions shared) {
    return access
        .options(context, shared)
        .withChunkSize(chunkSize.orElse(0L))
        .withMountFrom(mountFrom.orElse(List.of()))
        .withReuse(!noReuse.isSet())
        .withReuseFrom(images())
        .withBlobLocations(BlobLocations.ofUser(context.environment()));
  }
}
