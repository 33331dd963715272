package dev.strata.serve;

import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A read-only registry on this machine's loopback address: the pull half of the OCI distribution
 * specification 1.1. Each blob is made from the store when a client asks for it; nothing is kept.
 * Thread-safe; many clients are served at once.
 */
public final class RegistryServer implements AutoCloseable {
  private final HttpRequests requests;

  private RegistryServer(HttpRequests requests) {
    this.requests = requests;
  }

  /** Is told what the server does. Calls come from several threads at once. */
  public interface Listener {
    /** Hears nothing. */
    Listener NONE = new Listener() {};

    /**
     * A request was answered in full.
     *
     * @param method such as {@code GET}
     * @param path what was asked for
     * @param status the HTTP status
     * @param bytes the length of the answer's body
     */
    default void answered(String method, String path, int status, long bytes) {}

    /**
     * An answer broke off, and with it the connection: the client went away, or a blob's bytes were
     * not those of its digest.
     *
     * @param path what was asked for
     * @param problem one line: what failed and what to do
     */
    default void brokenOff(String path, String problem) {}
  }

  /** The images a server shall have. Not thread-safe. */
  public static final class Builder {
    private final Map<String, ServedRepository> repositories = new LinkedHashMap<>();
    private final int jobs;
    private int port;
    private Listener listener = Listener.NONE;

    /**
     * Starts with no image and any free port.
     *
     * @param jobs how many workers may read ahead for one blob, at least 1
     */
    public Builder(int jobs) {
      this.jobs = jobs;
    }

    /**
     * Adds an image.
     *
     * @param image the image
     * @param name its repository and tag; a registry in it is left out
     * @return this
     * @throws StrataException if the name is taken, has no tag, or a layer is incomplete
     */
    public Builder add(Image image, Reference name) {
      repository(name).add(ImageBlobs.of(image, jobs), image.layers(), name.manifestName());
      return this;
    }

    /**
     * Adds an image of which only the blobs are known. Clients that ask for a part of a layer get
     * all of it, as HTTP allows.
     *
     * @param image the image
     * @param name its repository and tag; a registry in it is left out
     * @return this
     * @throws StrataException if the name is taken
     */
    public Builder add(ImageBlobs image, Reference name) {
      repository(name).add(image, List.of(), name.manifestName());
      return this;
    }

    private ServedRepository repository(Reference name) {
      return repositories.computeIfAbsent(repositoryOf(name), ServedRepository::new);
    }

    /**
     * Sets the port.
     *
     * @param number the port, 0 for any that is free
     * @return this
     */
    public Builder port(int number) {
      port = number;
      return this;
    }

    /**
     * Sets who is told what the server does.
     *
     * @param listener is called by the server's threads
     * @return this
     */
    public Builder listener(Listener listener) {
      this.listener = listener;
      return this;
    }

    /**
     * Starts the server.
     *
     * @return the server, which answers already
     * @throws StrataException if the port is taken
     */
    public RegistryServer start() {
      ServedRequests answers = new ServedRequests(Map.copyOf(repositories), listener);
      try {
        InetSocketAddress address = new InetSocketAddress(loopback(), port);
        return new RegistryServer(HttpRequests.listen(address, answers::answer));
      } catch (BindException e) {
        throw new StrataException(
            "cannot listen on port " + port + ": " + e.getMessage() + ": give another --port", e);
      } catch (IOException e) {
        throw new StrataException("cannot start the registry: " + e.getMessage(), e);
      }
    }
  }

  /** Docker's daemon takes plain HTTP from 127.0.0.0/8 alone, so never the other loopback, ::1. */
  private static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The name of an image in this registry's repositories.
   *
   * @param name as the user wrote it
   * @return the name without registry and without Docker Hub's {@code library/}
   */
  private static String repositoryOf(Reference name) {
    String library = "library/";
    boolean official =
        name.registry().equals(Reference.DOCKER_HUB) && name.repository().startsWith(library);
    return official ? name.repository().substring(library.length()) : name.repository();
  }

  /**
   * Where the server listens.
   *
   * @return host and port, such as {@code 127.0.0.1:5000}
   */
  public String address() {
    return "127.0.0.1:" + requests.port();
  }

  /**
   * What a client calls an image of this server.
   *
   * @param name the name it was added under
   * @return such as {@code 127.0.0.1:5000/app:latest}
   */
  public Reference reference(Reference name) {
    return new Reference(address(), repositoryOf(name), name.tag(), null);
  }

  /** Stops listening and ends answers under way; their clients see a broken connection. */
  @Override
  public void close() {
    requests.close();
  }
}
