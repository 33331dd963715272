package dev.strata.transport.daemon;

import dev.strata.blob.Descriptor;
import dev.strata.image.ImageBlobs;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import dev.strata.transport.archive.DockerArchive;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The images of a Docker daemon, Skopeo's {@code docker-daemon:}. A daemon on this machine pulls
 * from a registry that lives as long as the copy, and so leaves out the layers that it has; one
 * that can't, and one elsewhere, gets the archive of {@code docker load}. Immutable and
 * thread-safe.
 */
public final class DaemonDestination implements Destination {
  private final DaemonApi api;
  private final List<Reference> names;

  private DaemonDestination(DaemonApi api, List<Reference> names) {
    this.api = api;
    this.names = List.copyOf(names);
  }

  /**
   * Names a daemon.
   *
   * @param host where it is: {@code unix:///path}, {@code tcp://host:port}, as {@code DOCKER_HOST}
   *     may hold it, or null for Docker's usual socket
   * @param names what it shall call the image, at least one name with a tag
   * @return the destination
   * @throws StrataException if the host is of another form, or a name has no tag
   */
  public static DaemonDestination at(@Nullable String host, List<Reference> names) {
    for (Reference name : names) {
      if (name.tag() == null) {
        throw new StrataException(
            "Docker cannot name an image '" + name + "': give a tag, not a digest");
      }
    }
    if (names.isEmpty()) {
      throw new StrataException("docker-daemon: needs a name: write docker-daemon:name:tag");
    }
    return new DaemonDestination(DaemonApi.at(host), names);
  }

  @Override
  public Descriptor write(ImageBlobs image, Transfer transfer) {
    boolean pulled = api.isLocal() && DaemonPull.run(image, transfer, this::pull);
    if (!pulled) {
      api.load(out -> DockerArchive.stream(image, names, transfer, out));
    }
    return image.manifest().descriptor();
  }

  private boolean pull(Reference served) {
    try {
      api.pull(served);
    } catch (StrataException _) {
      // It may be in a virtual machine, where our loopback address is not, or too old for OCI's
      // media types: an archive works there too, and says what is wrong if it does not.
      return false;
    }
    names.forEach(name -> api.tag(served, name));
    api.untag(served);
    return true;
  }
}
