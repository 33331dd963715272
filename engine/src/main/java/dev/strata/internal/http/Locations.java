package dev.strata.internal.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The addresses that servers send in {@code Location} headers (RFC 3986, section 5.2), also those
 * that {@link URI} refuses: characters that should have been encoded are encoded, and what is valid
 * stays as it is, since signed addresses depend on every byte. Stateless.
 */
public final class Locations {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(\\d{0,5}))?");
  private static final Pattern ODD_HOST = Pattern.compile("[a-z0-9._-]*[a-z_-][a-z0-9._-]*");
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+){0,2}|0x[0-9a-f.x]*");
  private static final int MAX_PORT = 65_535;
  private static final String UNRESERVED = "-_.!~*'()";
  private static final String PATH = UNRESERVED + ":@&=+$,;/";
  private static final String QUERY = PATH + "?[]";

  private Locations() {}

  /**
   * Resolves a location.
   *
   * @param base the address of the request
   * @param location the header; may be relative. A user name, a password and a fragment in it are
   *     dropped
   * @return an address with the scheme http or https and a host
   * @throws IllegalArgumentException if it is not such an address; the message says why and does
   *     not quote it
   */
  public static URI resolve(URI base, String location) {
    String text = withoutFragment(location.strip());
    Matcher scheme = SCHEME.matcher(text);
    if (scheme.matches()) {
      String name = scheme.group(1).toLowerCase(Locale.ROOT);
      boolean web = name.equals("http") || name.equals("https");
      if (!web || !scheme.group(2).startsWith("//")) {
        throw new IllegalArgumentException("it is not an HTTP address");
      }
      return absolute(name, scheme.group(2).substring(2));
    }
    if (text.startsWith("//")) {
      return absolute(base.getScheme(), text.substring(2));
    }
    int mark = text.indexOf('?');
    String path = mark < 0 ? text : text.substring(0, mark);
    String query = mark < 0 ? "" : "?" + encode(text.substring(mark + 1), QUERY);
    if (path.isEmpty()) {
      boolean keeps = mark < 0 && base.getRawQuery() != null;
      return create(base, base.getRawPath(), keeps ? "?" + base.getRawQuery() : query);
    }
    return create(base, path.startsWith("/") ? encode(path, PATH) : merged(base, path), query);
  }

  private static String withoutFragment(String text) {
    int hash = text.indexOf('#');
    return hash < 0 ? text : text.substring(0, hash);
  }

  private static URI create(URI base, String path, String query) {
    return URI.create(base.getScheme() + "://" + base.getRawAuthority() + path + query);
  }

  private static URI absolute(String scheme, String rest) {
    int end = 0;
    while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != '?') {
      end++;
    }
    String authority = authority(rest.substring(0, end));
    int mark = rest.indexOf('?', end);
    String path = mark < 0 ? rest.substring(end) : rest.substring(end, mark);
    String query = mark < 0 ? "" : "?" + encode(rest.substring(mark + 1), QUERY);
    return URI.create(
        scheme + "://" + authority + (path.isEmpty() ? "/" : encode(path, PATH)) + query);
  }

  private static String authority(String text) {
    Matcher m = HOST_AND_PORT.matcher(text.substring(text.lastIndexOf('@') + 1));
    // Browsers end the host at a backslash.
    if (!m.matches() || text.indexOf('\\') >= 0) {
      throw new IllegalArgumentException("its host is invalid");
    }
    String host = m.group(1).toLowerCase(Locale.ROOT);
    String port = m.group(2) == null ? "" : m.group(2);
    if (!port.isEmpty() && (Integer.parseInt(port) == 0 || Integer.parseInt(port) > MAX_PORT)) {
      throw new IllegalArgumentException("its port is invalid");
    }
    String authority = port.isEmpty() ? host : host + ":" + Integer.parseInt(port);
    // A number is an address in a form that browsers know, and that could hide a local one.
    boolean odd = isOdd(URI.create("http://" + authority + "/"));
    if (odd && !ODD_HOST.matcher(host).matches() || NUMBER.matcher(host).matches()) {
      throw new IllegalArgumentException("its host is invalid");
    }
    return authority;
  }

  private static String merged(URI base, String path) {
    String before = base.getRawPath();
    String all = before.substring(0, before.lastIndexOf('/') + 1) + encode(path, PATH);
    StringBuilder out = new StringBuilder();
    String[] segments = all.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      boolean last = i == segments.length - 1;
      if (segment.equals("..")) {
        out.setLength(Math.max(out.lastIndexOf("/"), 0));
      }
      if (segment.equals("..") || segment.equals(".")) {
        out.append(last ? "/" : "");
      } else {
        out.append('/').append(segment);
      }
    }
    return out.toString();
  }

  private static String encode(String text, String allowed) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean escape = c == '%' && i + 2 < text.length() && isHex(text, i + 1, i + 3);
      if (escape || isAlphanumeric(c) || allowed.indexOf(c) >= 0) {
        out.append(c);
      } else {
        // A header is read as ISO 8859-1, so that each character is a byte.
        byte[] bytes =
            c <= 0xFF ? new byte[] {(byte) c} : String.valueOf(c).getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
          out.append('%').append(hex(b >> 4)).append(hex(b));
        }
      }
    }
    return out.toString();
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }

  private static char hex(int nibble) {
    return Character.toUpperCase(Character.forDigit(nibble & 0xF, 16));
  }

  /** Adds a parameter to the query of an address, and leaves the rest as it is. */
  public static URI withParameter(URI address, String parameter) {
    String query = address.getRawQuery();
    String separator = query == null ? "?" : query.isEmpty() || query.endsWith("&") ? "" : "&";
    return URI.create(address + separator + parameter);
  }

  /**
   * Returns whether {@link URI} does not know the host of an address, since its name is unusual,
   * for example because it contains an underscore.
   */
  static boolean isOdd(URI address) {
    return address.getHost() == null;
  }

  /** Returns the host of an address, in brackets if it is an IPv6 address. */
  public static String host(URI address) {
    String host = address.getHost();
    if (host != null) {
      return host;
    }
    String authority = String.valueOf(address.getRawAuthority());
    int colon = authority.lastIndexOf(':');
    return colon < 0 ? authority : authority.substring(0, colon);
  }

  /** Returns the port of an address. */
  public static int port(URI address) {
    String authority = String.valueOf(address.getRawAuthority());
    int port =
        isOdd(address) && authority.indexOf(':') >= 0
            ? Integer.parseInt(authority.substring(authority.lastIndexOf(':') + 1))
            : address.getPort();
    return port >= 0 ? port : "https".equals(address.getScheme()) ? 443 : 80;
  }
}
