package dev.strata.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.cli.move.CopyCommand;
import dev.strata.cli.move.ServeCommand;
import dev.strata.io.ConflictException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.io.TlsException;
import dev.strata.io.UnauthorizedException;
import dev.strata.io.UnreachableException;
import dev.strata.oci.NoSuchPlatformException;
import dev.strata.transport.registry.RegistryException;
import java.io.IOException;
import java.net.BindException;
import org.junit.jupiter.api.Test;

final class HintsTest {
  private static final String FROM = "registry.example.org/from:1";
  private static final String TO = "registry.example.org/to:1";

  private static String hint(StrataException error, Command command) {
    String message = Hints.message(error, command);
    return message.substring(String.valueOf(error.getMessage()).length());
  }

  private static Command copy() {
    CopyCommand copy = new CopyCommand();
    copy.parse("docker://" + FROM, "docker://" + TO);
    return copy;
  }

  private static Command serve() {
    ServeCommand serve = new ServeCommand();
    serve.parse("image.json");
    return serve;
  }

  @Test
  void namesTheOptionOfTheSideThatFailed() {
    assertEquals(" (or use --src-creds)", hint(new UnauthorizedException("x", FROM, null), copy()));
    assertEquals(" (or use --dest-creds)", hint(new UnauthorizedException("x", TO, null), copy()));
    assertEquals(
        " (or use --src-cert-dir or --src-tls-verify=false)",
        hint(new TlsException("x", FROM, true, null), copy()));
    assertEquals(
        " (or use --dest-tls-verify=false)", hint(new TlsException("x", TO, false, null), copy()));
    assertEquals("", hint(new TlsException("x", null, false, null), copy()));
  }

  @Test
  void namesAnOptionForAnErrorThatItCanAvoid() {
    assertEquals(
        " (or use --chunk-size with a size below its limit)",
        hint(new RegistryException("x", TO, 413, true), copy()));
    assertEquals(" (or raise --retry-times)", hint(new UnreachableException("x", 6, null), copy()));
    assertEquals(
        " (use --os, --arch and --variant)", hint(new NoSuchPlatformException("x"), copy()));
    assertEquals(
        " (raise the limit with ulimit -n)",
        hint(new StrataException("x", new IOException("a: Too many open files")), copy()));
    assertEquals(" (--port)", hint(new StrataException("x", new BindException()), serve()));
    assertEquals(" (use --name)", hint(new ConflictException("x"), serve()));
    assertEquals(
        " (STRATA_JAVA_OPTS=-Xmx1g)",
        hint(new StrataException("x", new OutOfMemoryError()), copy()));
  }

  @Test
  void addsNothingToOtherErrors() {
    assertEquals("", hint(new StrataException("x"), copy()));
    assertEquals("", hint(new NotFoundException("x"), copy()));
    assertEquals("", hint(new UnauthorizedException("x"), copy()));
    assertEquals("", hint(new UnreachableException("x"), copy()));
    assertEquals("", hint(new RegistryException("x", TO, 500, true), copy()));
    assertEquals("", hint(new RegistryException("x", TO, 413, false), copy()));
    assertEquals("", hint(new ConflictException("x"), copy()));
  }
}
