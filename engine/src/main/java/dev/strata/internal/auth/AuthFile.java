package dev.strata.internal.auth;

import dev.strata.internal.http.Credentials;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The content of one auth file (containers-auth.json(5); Docker's {@code config.json} and its
 * predecessor {@code .dockercfg}). An entry that cannot be read matters only to whoever looks for
 * it. Contains secrets. Not thread-safe.
 */
final class AuthFile {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Path path;
  // The JSON of the entries, which are read when they are needed.
  private final Map<String, String> auths = new HashMap<>();
  private final Map<String, String> helpers = new HashMap<>();
  private String store = "null";

  private AuthFile(Path path) {
    this.path = path;
  }

  /** Reads a file. */
  static AuthFile read(Path path) {
    AuthFile file = new AuthFile(path);
    String json;
    try {
      json = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new StrataException(
          "cannot read the auth file "
              + file.name()
              + ": "
              + e.getMessage()
              + "; check its permissions",
          e);
    }
    if (json.startsWith(BYTE_ORDER_MARK)) {
      json = json.substring(1);
    }
    if (json.isBlank()) {
      return file;
    }
    try {
      JsonInput.parse("the auth file", json.getBytes(StandardCharsets.UTF_8), file::readContent);
    } catch (StrataException _) {
      // Without the cause, which may quote a secret.
      throw new InvalidInputException(
          "cannot read the auth file "
              + file.name()
              + ": not in Docker's format; log in again to rewrite it");
    }
    return file;
  }

  private AuthFile readContent(JsonInput in) {
    if (path.endsWith(".dockercfg")) {
      readEntries(in, auths);
      return this;
    }
    in.object(
        "an auth file",
        (key, value) -> {
          switch (key) {
            case "auths" -> readEntries(value, auths);
            case "credhelpers" -> readEntries(value, helpers);
            case "credsstore" -> store = value.json();
            default -> value.skip();
          }
        });
    return this;
  }

  private static void readEntries(JsonInput in, Map<String, String> entries) {
    in.object(
        "entries by registry",
        (_, entry) -> {
          String key = entry.exactKey();
          String name = normal(key);
          String json = entry.json();
          if (name.equals(key)) {
            entries.put(name, json);
          } else {
            entries.putIfAbsent(name, json);
          }
        });
  }

  /** Returns the name of a registry or repository; Docker writes addresses instead. */
  private static String normal(String key) {
    boolean address = key.startsWith("http://") || key.startsWith("https://");
    String name = key.replaceFirst("^https?://", "").replaceFirst("(/v[12])?/+$", "");
    if (address && name.indexOf('/') >= 0) {
      name = name.substring(0, name.indexOf('/'));
    }
    return switch (name) {
      case "index.docker.io", "index.docker.io/v1", "registry-1.docker.io" -> Reference.DOCKER_HUB;
      default -> name;
    };
  }

  /** Returns the quoted name of the file, for messages. */
  String name() {
    return FileNames.quote(path.toString());
  }

  /**
   * Returns the name of the credential helper for an image; an empty text for none.
   *
   * @param names the names that an entry may have, the most specific first
   */
  String helper(List<String> names) {
    for (String name : names) {
      String json = helpers.get(name);
      if (json != null) {
        return text(json, "the credential helper of '" + name + "'");
      }
    }
    return "";
  }

  /** Returns the name of the credential helper for all registries; an empty text for none. */
  String store() {
    return text(store, "credsStore");
  }

  private String text(String json, String what) {
    try {
      return parse(json, in -> in.string(""));
    } catch (StrataException _) {
      throw broken(what, "not a string");
    }
  }

  /**
   * Returns the credentials for an image; anonymous ones if there are none.
   *
   * @param names the names that an entry may have, the most specific first
   */
  Credentials credentials(List<String> names) {
    for (String name : names) {
      String json = auths.get(name);
      Credentials found = json == null ? Credentials.ANONYMOUS : credentials(name, json);
      if (!found.equals(Credentials.ANONYMOUS)) {
        return found;
      }
    }
    return Credentials.ANONYMOUS;
  }

  private Credentials credentials(String name, String json) {
    class Fields {
      String auth = "";
      String user = "";
      String password = "";
      String identity = "";
      String registry = "";
    }
    Fields f = new Fields();
    String what = "the entry for '" + name + "'";
    try {
      parse(
          json,
          in -> {
            in.object(
                "credentials",
                (key, value) -> {
                  switch (key) {
                    case "auth" -> f.auth = value.string("");
                    case "username" -> f.user = value.string("");
                    case "password" -> f.password = value.string("");
                    case "identitytoken" -> f.identity = value.string("");
                    case "registrytoken" -> f.registry = value.string("");
                    default -> value.skip();
                  }
                });
            return "";
          });
    } catch (StrataException _) {
      // Without the cause, which may quote a secret.
      throw broken(what, "not an object with strings");
    }
    if (!f.registry.isEmpty()) {
      return new Credentials.RegistryToken(f.registry);
    }
    if (!f.identity.isEmpty()) {
      return new Credentials.IdentityToken(f.identity);
    }
    if (!f.auth.isBlank()) {
      Credentials.Basic pair = decode(f.auth);
      if (pair == null) {
        throw broken(what, "\"auth\" is not USER:PASSWORD in base64");
      }
      return pair;
    }
    return f.user.isEmpty() ? Credentials.ANONYMOUS : new Credentials.Basic(f.user, f.password);
  }

  private static String parse(String json, Function<JsonInput, String> reader) {
    return JsonInput.parse("an entry", json.getBytes(StandardCharsets.UTF_8), reader);
  }

  private static Credentials.@Nullable Basic decode(String auth) {
    try {
      String digits = auth.replaceAll("\\s+", "").replace('-', '+').replace('_', '/');
      String pair = new String(Base64.getDecoder().decode(digits), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      // Some programs pad the password with NUL.
      return colon <= 0
          ? null
          : new Credentials.Basic(
              pair.substring(0, colon), pair.substring(colon + 1).replaceAll("\\x00+$", ""));
    } catch (IllegalArgumentException _) {
      // Without the cause, which may quote a secret.
      return null;
    }
  }

  private InvalidInputException broken(String what, String problem) {
    return new InvalidInputException(
        "cannot use " + what + " in the auth file " + name() + ": " + problem + "; log in again");
  }
}
