package dev.strata.oci;

import dev.strata.internal.json.JsonOutput;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How containers of an image run: the {@code config} object of the OCI image specification 1.1,
 * with the settings that Docker adds to it. Sets and maps are sorted. An empty text, list or map is
 * one that is not set. Immutable and thread-safe.
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
  private final @Nullable Healthcheck healthcheck;
  private final List<String> onBuild;
  private final List<String> shell;

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
    healthcheck = builder.healthcheck;
    onBuild = builder.onBuild;
    shell = builder.shell;
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
    builder.healthcheck = healthcheck;
    builder.onBuild = onBuild;
    builder.shell = shell;
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

  /**
   * Returns {@code Healthcheck}, a setting of Docker.
   *
   * @return how a container is checked; empty if it is not set
   */
  public Optional<Healthcheck> healthcheck() {
    return Optional.ofNullable(healthcheck);
  }

  /**
   * Returns {@code OnBuild}, a setting of Docker: what a build does that uses the image as its
   * base.
   *
   * @return instructions of a Dockerfile
   */
  public List<String> onBuild() {
    return onBuild;
  }

  /**
   * Returns {@code Shell}, a setting of Docker: the shell for commands that are one line.
   *
   * @return a program and arguments
   */
  public List<String> shell() {
    return shell;
  }

  /**
   * Returns this configuration with the environment variables of a base image that it does not set.
   *
   * @param base the configuration of the base image
   * @return a configuration with each variable once: those of the base first, in their order, with
   *     the values of this configuration for those that both set
   */
  public ImageConfig withEnvOf(ImageConfig base) {
    Map<String, String> byName = new LinkedHashMap<>();
    for (String variable : base.env) {
      byName.put(nameOf(variable), variable);
    }
    for (String variable : env) {
      byName.put(nameOf(variable), variable);
    }
    return toBuilder().env(List.copyOf(byName.values())).build();
  }

  private static String nameOf(String variable) {
    int equals = variable.indexOf('=');
    return equals < 0 ? variable : variable.substring(0, equals);
  }

  /**
   * Returns this configuration with the settings of a base image that it does not set. Environment
   * variables and labels are merged by name. The command of the base belongs to its entry point,
   * and is only kept if this configuration sets neither. {@code OnBuild} is not inherited, since it
   * is for the image that is built on the base.
   *
   * @param base the configuration of the base image
   * @return a configuration with the settings of both
   */
  public ImageConfig inheriting(ImageConfig base) {
    Map<String, String> allLabels = new TreeMap<>(base.labels);
    allLabels.putAll(labels);
    Builder all = withEnvOf(base).toBuilder().labels(allLabels);
    if (user.isEmpty()) {
      all.user(base.user);
    }
    if (exposedPorts.isEmpty()) {
      all.exposedPorts(base.exposedPorts);
    }
    if (entrypoint.isEmpty()) {
      all.entrypoint(base.entrypoint);
      if (cmd.isEmpty()) {
        all.cmd(base.cmd).argsEscaped(argsEscaped || base.argsEscaped);
      }
    }
    if (volumes.isEmpty()) {
      all.volumes(base.volumes);
    }
    if (workingDir.isEmpty()) {
      all.workingDir(base.workingDir);
    }
    if (stopSignal.isEmpty()) {
      all.stopSignal(base.stopSignal);
    }
    if (healthcheck == null) {
      all.healthcheck(base.healthcheck);
    }
    if (shell.isEmpty()) {
      all.shell(base.shell);
    }
    return all.build();
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
        && argsEscaped == c.argsEscaped
        && Objects.equals(healthcheck, c.healthcheck)
        && onBuild.equals(c.onBuild)
        && shell.equals(c.shell);
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
    private @Nullable Healthcheck healthcheck;
    private List<String> onBuild = List.of();
    private List<String> shell = List.of();

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
     * Sets {@code Healthcheck}.
     *
     * @param value how a container is checked, or null
     * @return this builder
     */
    public Builder healthcheck(@Nullable Healthcheck value) {
      healthcheck = value;
      return this;
    }

    /**
     * Sets {@code OnBuild}.
     *
     * @param instructions instructions of a Dockerfile
     * @return this builder
     */
    public Builder onBuild(List<String> instructions) {
      onBuild = List.copyOf(instructions);
      return this;
    }

    /**
     * Sets {@code Shell}.
     *
     * @param words a program and arguments
     * @return this builder
     */
    public Builder shell(List<String> words) {
      shell = List.copyOf(words);
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
