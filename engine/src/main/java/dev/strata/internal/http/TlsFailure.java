package dev.strata.internal.http;

import dev.strata.io.StrataException;
import dev.strata.io.TlsException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Describes why TLS with a server failed. Stateless. */
public final class TlsFailure {
  private TlsFailure() {}

  /**
   * Returns whether an exception suggests that the server does not speak TLS: its answer to the
   * first message of TLS was something else, or none.
   */
  public static boolean isWithoutTls(Throwable e) {
    SSLException tls = find(e, SSLException.class);
    if (tls == null) {
      return false;
    }
    // The JDK has no type for an answer that is not TLS.
    return String.valueOf(tls.getMessage())
            .toLowerCase(Locale.ROOT)
            .contains("unrecognized ssl message")
        || find(e, EOFException.class) != null
        || find(e, SocketException.class) != null;
  }

  /**
   * Returns the exception for a failure while connecting; null if it is not one of TLS.
   *
   * @param server the host and port
   * @param place the image reference
   * @param detail the reason in parentheses, after a blank
   * @param cause the cause for the exception, without secrets
   */
  static @Nullable TlsException describe(
      IOException e, String server, String place, String detail, IOException cause) {
    if (find(e, CertificateException.class) != null) {
      StrataException own = find(e, StrataException.class);
      return own == null
          ? new TlsException(
              "cannot connect to " + server + ": its certificate " + problem(e, detail),
              place,
              true,
              cause)
          : new TlsException(
              "cannot connect to " + server + ": " + own.getMessage(), null, false, cause);
    }
    if (find(e, SSLException.class) == null) {
      return null;
    }
    if (isWithoutTls(e)) {
      return new TlsException(
          "cannot speak TLS with " + server + detail + "; check whether it expects plain HTTP",
          place,
          false,
          cause);
    }
    boolean certificate = detail.contains("certificate") || detail.contains("unknown_ca");
    return new TlsException(
        "cannot connect to "
            + server
            + (certificate
                ? ": it requires a client certificate that it trusts"
                : ": the TLS handshake failed")
            // The JDK repeats the name of the alert.
            + detail.replaceFirst("\\(\\([a-z_]+\\) ", "(")
            + (certificate
                ? "; add one to its certificates"
                : "; check its TLS versions and whether it requires a client certificate"),
        null,
        false,
        cause);
  }

  private static String problem(IOException e, String detail) {
    if (find(e, CertificateExpiredException.class) != null) {
      return "has expired" + detail + "; renew it";
    }
    if (find(e, CertificateNotYetValidException.class) != null) {
      return "is not valid yet" + detail + "; check the clock of this machine";
    }
    // The JDK has no type for a wrong name: "No subject alternative DNS name matching ... found".
    return detail.startsWith(" (No ")
        ? "is for another name" + detail + "; use a name of the certificate"
        : "is not trusted" + detail + "; add its certificate authority to the trusted ones";
  }

  private static <T extends Throwable> @Nullable T find(Throwable e, Class<T> type) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }
}
