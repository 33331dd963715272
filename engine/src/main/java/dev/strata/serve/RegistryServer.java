package dev.strata.serve;

import dev.strata.compress.Compressor;
import dev.strata.image.CompressedLayers;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.image.ImageFile;
import dev.strata.image.ImageIndex;
import dev.strata.image.IndexBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerChangedException;
import dev.strata.oci.Reference;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A read-only registry on the loopback address, which implements the pull endpoints of the OCI
 * distribution specification 1.1. It creates each blob when a client requests it, and stores none.
 * Requests for a host that is not this machine's are refused, so that web pages cannot read images.
 * Thread-safe; serves many clients at once.
 *
 * @since 0.1.0
 */
public final class RegistryServer implements AutoCloseable {
  private final HttpRequests requests;

  private RegistryServer(HttpRequests requests) {
    this.requests = requests;
  }

  /**
   * Receives events of the server. Methods are called from several threads at once, and must not
   * close the server.
   *
   * @since 0.1.0
   */
  public interface Listener {
    /** Ignores all events. */
    Listener NONE = new Listener() {};

    /**
     * A response was sent completely.
     *
     * @param method the method of the request, such as {@code GET}
     * @param path the decoded path of the request, with escapes for characters that would affect a
     *     terminal or a log
     * @param status the HTTP status
     * @param bytes the size of the response body in bytes
     */
    default void responded(String method, String path, int status, long bytes) {}

    /**
     * A response could not be sent completely, and its connection was closed: the client closed it,
     * or a blob could not be read or did not match its digest.
     *
     * @param path the path of the request, as for {@link #responded}
     * @param problem what failed and what to do, on one line
     */
    default void failed(String path, String problem) {}

    /**
     * Called when a layer could not be sent because its files have changed. Calls {@link #failed}
     * unless it is overridden.
     *
     * @param path the path of the request
     * @param error says which layer it is
     */
    default void changed(String path, LayerChangedException error) {
      failed(path, String.valueOf(error.getMessage()));
    }
  }

  /**
   * Collects the images of a server. Not thread-safe.
   *
   * @since 0.1.0
   */
  public static final class Builder {
    private final Map<String, ServedRepository> repositories = new LinkedHashMap<>();
    private final int jobs;
    private int port;
    private final List<String> hosts = new ArrayList<>();
    private Listener listener = Listener.NONE;
    private UnaryOperator<ImageBlobs> reader = UnaryOperator.identity();
    private @Nullable Compressor compressor;

    /**
     * Creates a builder without images, for any free port.
     *
     * @param jobs how many workers read ahead for each blob, at least 1
     */
    public Builder(int jobs) {
      this.jobs = jobs;
    }

    /**
     * Adds an image. Clients can request parts of its layers.
     *
     * @param image the image
     * @param name its repository and tag; the registry of the name is ignored
     * @return this
     * @throws dev.strata.io.ConflictException if another image has the name
     * @throws StrataException if a layer is incomplete
     */
    public Builder add(Image image, Reference name) {
      return add(blobs(image), image.layers(), name);
    }

    /**
     * Adds what a file describes: an image, or an index and its images. Clients can request parts
     * of the layers, and the manifests of the images by digest.
     *
     * @param file the file
     * @param name the repository and tag; the registry of the name is ignored
     * @return this
     * @throws dev.strata.io.ConflictException if another image has the name
     * @throws dev.strata.io.NotFoundException if the file of an image does not exist
     * @throws StrataException if the file of an image cannot be read, or a layer is incomplete
     */
    public Builder add(ImageFile file, Reference name) {
      ImageIndex index = file.index().orElse(null);
      if (index == null) {
        return add(file.image(), name);
      }
      List<IndexBlobs.Member> members = new ArrayList<>();
      for (ImageIndex.Entry entry : index.images()) {
        Image image = Image.read(FileNames.path(entry.image()));
        ImageBlobs blobs = blobs(image);
        repository(name).add(blobs, image.layers());
        members.add(IndexBlobs.Member.of(blobs, entry.platform()));
      }
      repository(name).tag(IndexBlobs.of(members).index(), name.manifestName());
      return this;
    }

    /**
     * Adds an image by its blobs. Clients that request a part of a layer receive all of it, as HTTP
     * allows.
     *
     * @param image the image
     * @param name its repository and tag; the registry of the name is ignored
     * @return this
     * @throws dev.strata.io.ConflictException if another image has the name
     */
    public Builder add(ImageBlobs image, Reference name) {
      return add(image, List.of(), name);
    }

    private Builder add(ImageBlobs image, List<Layer> layers, Reference name) {
      repository(name).add(image, layers);
      repository(name).tag(image.manifest(), name.manifestName());
      return this;
    }

    private ImageBlobs blobs(Image image) {
      ImageBlobs blobs = reader.apply(ImageBlobs.of(image, jobs));
      return compressor == null ? blobs : CompressedLayers.of(blobs, compressor.keepingFrames());
    }

    private ServedRepository repository(Reference name) {
      return repositories.computeIfAbsent(repositoryOf(name), ServedRepository::new);
    }

    /**
     * Sets how layers are read that lie in a registry and not on this machine. Affects images that
     * are added after this.
     *
     * @param change returns an image with its {@link dev.strata.layer.RegistryLayer}s readable, as
     *     long as the server is open
     * @return this
     */
    public Builder registryLayers(UnaryOperator<ImageBlobs> change) {
      reader = change;
      return this;
    }

    /**
     * Compresses the layers of images that are added after this. A layer whose compressed digest is
     * not known is compressed when its image is added, and again whenever a client asks for it; of
     * {@link dev.strata.compress.Compression#ZSTD_CHUNKED}, clients can request parts.
     *
     * @param how the compressor
     * @return this
     */
    public Builder compress(Compressor how) {
      compressor = how;
      return this;
    }

    /**
     * Sets the port.
     *
     * @param number the port; 0 for any free port
     * @return this
     */
    public Builder port(int number) {
      port = number;
      return this;
    }

    /**
     * Adds a name that clients may use for this server, such as that of a tunnel or a proxy which
     * leads to it. Requests for names other than those of the loopback address are refused.
     *
     * @param name a host without a port
     * @return this
     */
    public Builder host(String name) {
      hosts.add(name);
      return this;
    }

    /**
     * Sets the listener.
     *
     * @param listener receives the events of the server
     * @return this
     */
    public Builder listener(Listener listener) {
      this.listener = listener;
      return this;
    }

    /**
     * Starts the server.
     *
     * @return the server, which is ready for requests
     * @throws StrataException if it cannot listen on the port; if another program does, the cause
     *     is a {@link BindException}
     */
    public RegistryServer start() {
      ServedRequests requests =
          new ServedRequests(Map.copyOf(repositories), new ServedHosts(hosts), listener);
      try {
        InetSocketAddress address = new InetSocketAddress(loopback(), port);
        return new RegistryServer(HttpRequests.listen(address, requests::respond));
      } catch (BindException e) {
        throw new StrataException(
            "cannot listen on port " + port + ": " + e.getMessage() + "; choose another port", e);
      } catch (IOException e) {
        throw new StrataException("cannot start the registry: " + e.getMessage(), e);
      }
    }
  }

  /** Returns 127.0.0.1: Docker accepts plain HTTP from 127.0.0.0/8, but not from {@code ::1}. */
  private static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the repository of a name, without the {@code library/} of Docker Hub. */
  private static String repositoryOf(Reference name) {
    String library = "library/";
    boolean official =
        name.registry().equals(Reference.DOCKER_HUB) && name.repository().startsWith(library);
    return official ? name.repository().substring(library.length()) : name.repository();
  }

  /**
   * Returns the address that the server listens on.
   *
   * @return the host and the port, such as {@code 127.0.0.1:5000}
   */
  public String address() {
    return "127.0.0.1:" + requests.port();
  }

  /**
   * Returns the name of an image for clients of this server.
   *
   * @param name the name that the image was added under
   * @return a reference such as {@code 127.0.0.1:5000/app:latest}
   */
  public Reference reference(Reference name) {
    return new Reference(address(), repositoryOf(name), name.tag(), null);
  }

  /**
   * Stops listening, closes all connections and waits until the threads of the server have ended.
   * Clients see responses that are under way end early. Closing it again does nothing.
   */
  @Override
  public void close() {
    requests.close();
  }
}
