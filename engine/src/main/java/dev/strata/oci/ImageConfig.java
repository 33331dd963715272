package dev.strata.oci;

import dev.strata.internal.json.JsonOutput;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How containers of an image run: the {@code config} object of the OCI image specification 1.1.
 * Sets and maps are sorted. An empty text, list or map is one that is not set. Immutable and
 * thread-safe.
 *
 * @since 0.1.0
 */
public final class ImageConfig {
  /** A configuration in which nothing is set. */
  public static final ImageConfig EMPTY = new Builder().build();

  private final String user;
  private final List<String> exposedPorts;
  private final List<String> env;
  private final List<String> entrypoint;
  private final List<String> cmd;
  private final List<String> volumes;
  private final String workingDir;
  private final Map<String, String> labels;
  private final String stopSignal;
  private final boolean argsEscaped;

  private ImageConfig(Builder builder) {
    user = builder.user;
    exposedPorts = builder.exposedPorts;
    env = builder.env;
    entrypoint = builder.entrypoint;
    cmd = builder.cmd;
    volumes = builder.volumes;
    workingDir = builder.workingDir;
    labels = builder.labels;
    stopSignal = builder.stopSignal;
    argsEscaped = builder.argsEscaped;
  }

  /**
   * Starts a configuration in which nothing is set.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts a configuration that is like this one.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.user = user;
    builder.exposedPorts = exposedPorts;
    builder.env = env;
    builder.entrypoint = entrypoint;
    builder.cmd = cmd;
    builder.volumes = volumes;
    builder.workingDir = workingDir;
    builder.labels = labels;
    builder.stopSignal = stopSignal;
    builder.argsEscaped = argsEscaped;
    return builder;
  }

  /**
   * Returns {@code User}, the user that containers run as.
   *
   * @return a name or id, possibly with a group after a colon
   */
  public String user() {
    return user;
  }

  /**
   * Returns the keys of {@code ExposedPorts}.
   *
   * @return ports such as {@code 80/tcp}
   */
  public List<String> exposedPorts() {
    return exposedPorts;
  }

  /**
   * Returns {@code Env}, the environment variables.
   *
   * @return variables such as {@code PATH=/bin}
   */
  public List<String> env() {
    return env;
  }

  /**
   * Returns {@code Entrypoint}, the start of the command.
   *
   * @return a program and arguments
   */
  public List<String> entrypoint() {
    return entrypoint;
  }

  /**
   * Returns {@code Cmd}, the default command, or the default arguments of the entry point.
   *
   * @return the words of the command
   */
  public List<String> cmd() {
    return cmd;
  }

  /**
   * Returns the keys of {@code Volumes}.
   *
   * @return directories of the image
   */
  public List<String> volumes() {
    return volumes;
  }

  /**
   * Returns {@code WorkingDir}, the directory that commands start in.
   *
   * @return a directory of the image
   */
  public String workingDir() {
    return workingDir;
  }

  /**
   * Returns {@code Labels}.
   *
   * @return texts by key
   */
  public Map<String, String> labels() {
    return labels;
  }

  /**
   * Returns {@code StopSignal}, the signal that stops a container.
   *
   * @return a signal such as {@code SIGTERM}
   */
  public String stopSignal() {
    return stopSignal;
  }

  /**
   * Returns {@code ArgsEscaped}, which only Windows images use.
   *
   * @return whether the command is one escaped string
   */
  public boolean argsEscaped() {
    return argsEscaped;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ImageConfig c
        && user.equals(c.user)
        && exposedPorts.equals(c.exposedPorts)
        && env.equals(c.env)
        && entrypoint.equals(c.entrypoint)
        && cmd.equals(c.cmd)
        && volumes.equals(c.volumes)
        && workingDir.equals(c.workingDir)
        && labels.equals(c.labels)
        && stopSignal.equals(c.stopSignal)
        && argsEscaped == c.argsEscaped;
  }

  @Override
  public int hashCode() {
    return 31 * cmd.hashCode() + env.hashCode();
  }

  @Override
  public String toString() {
    return "image configuration: entry point " + entrypoint + ", command " + cmd;
  }

  /** Collects the properties of a configuration. Not thread-safe. */
  public static final class Builder {
    private String user = "";
    private List<String> exposedPorts = List.of();
    private List<String> env = List.of();
    private List<String> entrypoint = List.of();
    private List<String> cmd = List.of();
    private List<String> volumes = List.of();
    private String workingDir = "";
    private Map<String, String> labels = Map.of();
    private String stopSignal = "";
    private boolean argsEscaped;

    private Builder() {}

    /**
     * Sets {@code User}.
     *
     * @param value a name or id, possibly with a group after a colon
     * @return this builder
     */
    public Builder user(String value) {
      user = value;
      return this;
    }

    /**
     * Sets the keys of {@code ExposedPorts}.
     *
     * @param ports ports such as {@code 80/tcp}
     * @return this builder
     */
    public Builder exposedPorts(Collection<String> ports) {
      exposedPorts = sorted(ports);
      return this;
    }

    /**
     * Sets {@code Env}.
     *
     * @param variables variables such as {@code PATH=/bin}
     * @return this builder
     */
    public Builder env(List<String> variables) {
      env = List.copyOf(variables);
      return this;
    }

    /**
     * Sets {@code Entrypoint}.
     *
     * @param words a program and arguments
     * @return this builder
     */
    public Builder entrypoint(List<String> words) {
      entrypoint = List.copyOf(words);
      return this;
    }

    /**
     * Sets {@code Cmd}.
     *
     * @param words the words of the command
     * @return this builder
     */
    public Builder cmd(List<String> words) {
      cmd = List.copyOf(words);
      return this;
    }

    /**
     * Sets the keys of {@code Volumes}.
     *
     * @param directories directories of the image
     * @return this builder
     */
    public Builder volumes(Collection<String> directories) {
      volumes = sorted(directories);
      return this;
    }

    /**
     * Sets {@code WorkingDir}.
     *
     * @param directory a directory of the image
     * @return this builder
     */
    public Builder workingDir(String directory) {
      workingDir = directory;
      return this;
    }

    /**
     * Sets {@code Labels}.
     *
     * @param values texts by key
     * @return this builder
     */
    public Builder labels(Map<String, String> values) {
      Map<String, String> copy = new TreeMap<>(JsonOutput.KEY_ORDER);
      copy.putAll(values);
      labels = Collections.unmodifiableMap(copy);
      return this;
    }

    /**
     * Sets {@code StopSignal}.
     *
     * @param signal a signal such as {@code SIGTERM}
     * @return this builder
     */
    public Builder stopSignal(String signal) {
      stopSignal = signal;
      return this;
    }

    /**
     * Sets {@code ArgsEscaped}.
     *
     * @param value whether the command is one escaped string
     * @return this builder
     */
    public Builder argsEscaped(boolean value) {
      argsEscaped = value;
      return this;
    }

    /**
     * Creates the configuration.
     *
     * @return the configuration
     */
    public ImageConfig build() {
      return new ImageConfig(this);
    }

    private static List<String> sorted(Collection<String> keys) {
      return keys.stream().distinct().sorted(JsonOutput.KEY_ORDER).toList();
    }
  }
}
