package dev.strata.cli.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A {@link TrainingRegistry} in another process, with a certificate that was made for it. */
final class RegistryProcess implements AutoCloseable {
  private static final String PASSWORD = "training";
  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

  private final Path certificates;
  private final Process process;
  private final String plain;
  private final String tls;

  private RegistryProcess(Path certificates, Process process, String plain, String tls) {
    this.certificates = certificates;
    this.process = process;
    this.plain = plain;
    this.tls = tls;
  }

  /**
   * Starts a registry.
   *
   * @param folder where its key and certificate are written; created if need be
   */
  static RegistryProcess start(Path folder) throws IOException, InterruptedException {
    String keys = folder.resolve("keys.p12").toString();
    Path certificates = Files.createDirectories(folder.resolve("certificates"));
    String certificate = certificates.resolve("ca.crt").toString();
    keytool(
        keys, "-genkeypair", "-keyalg", "EC", "-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1");
    keytool(keys, "-exportcert", "-rfc", "-file", certificate);
    Process process =
        new ProcessBuilder(
                BIN.resolve("java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TrainingRegistry.class.getName(),
                keys,
                PASSWORD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader ports =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String plain = ports.readLine();
    String tls = ports.readLine();
    if (plain == null || tls == null) {
      throw new IOException("the registry did not start");
    }
    return new RegistryProcess(certificates, process, plain, tls);
  }

  private static void keytool(String keys, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(BIN.resolve("keytool").toString());
    Collections.addAll(command, options);
    Collections.addAll(command, "-alias", "registry", "-keystore", keys, "-storepass", PASSWORD);
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IOException("keytool failed with exit code " + code);
    }
  }

  /** Returns the name of an image on the registry without TLS, with its transport. */
  String image(String name) {
    return "docker://127.0.0.1:" + plain + "/" + name;
  }

  /** Returns the name of an image on the registry with TLS, with its transport. */
  String imageByTls(String name) {
    return "docker://127.0.0.1:" + tls + "/" + name;
  }

  /** Returns the folder with the certificate of the registry with TLS. */
  String certificates() {
    return certificates.toString();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
