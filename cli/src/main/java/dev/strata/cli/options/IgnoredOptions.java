package dev.strata.cli.options;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.UsageException;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Options of Skopeo that Strata does not need, and accepts and ignores, so that scripts keep
 * working; and those that it does not support, which are refused with the reason.
 */
public final class IgnoredOptions {
  private static final String SIGNING = "Strata does not sign; sign with Skopeo or cosign";
  private static final String ENCRYPTION = "Strata does not encrypt or decrypt layers; use Skopeo";
  private static final String BLOB_FOLDER =
      "Strata reads and writes complete OCI layouts only; use Skopeo";

  private static final String ANYTHING = "insecureAcceptAnything";

  private final Argument<String> policy;
  private final Map<Argument<?>, String> refused = new LinkedHashMap<>();

  /** Declares the options that Skopeo has for every command. */
  public IgnoredOptions(Arguments arguments) {
    arguments.flag("Accepted for compatibility with Skopeo; ignored", "--insecure-policy");
    arguments.texts(
        "VALUE",
        "Accepted for compatibility with Skopeo; ignored",
        "--registries.d",
        "--registries-conf",
        "--user-agent-prefix");
    policy =
        arguments.text(
            "FILE", "Refused if it requires signatures, which are not verified", "--policy");
    refuse(arguments, "Strata does not verify signatures; use Skopeo", "--require-signed");
    refuse(arguments, "Strata does not restrict TLS; use Skopeo", "--tls-details");
  }

  /** Declares the further options of {@code copy}. */
  public IgnoredOptions ofCopy(Arguments arguments) {
    arguments.flag(
        "Accepted for compatibility with Skopeo; ignored",
        "--remove-signatures",
        "--dest-precompute-digests",
        "--dest-force-compress-format");
    refuse(
        arguments,
        SIGNING,
        "--sign-by",
        "--sign-by-sigstore",
        "--sign-by-sigstore-private-key",
        "--sign-by-sq-fingerprint",
        "--sign-identity",
        "--sign-passphrase-file");
    refuse(arguments, ENCRYPTION, "--encrypt-layer", "--encryption-key", "--decryption-key");
    refuse(arguments, BLOB_FOLDER, "--src-shared-blob-dir", "--dest-shared-blob-dir");
    return this;
  }

  /** Declares the further options of {@code inspect}. */
  public IgnoredOptions ofInspect(Arguments arguments) {
    refuse(arguments, BLOB_FOLDER, "--shared-blob-dir");
    return this;
  }

  private void refuse(Arguments arguments, String reason, String... names) {
    for (String name : names) {
      boolean flag = name.equals("--require-signed");
      refused.put(flag ? arguments.hiddenFlag(name) : arguments.hiddenText(name), reason);
    }
  }

  /** Refuses what is not supported. */
  public void check() {
    refused.forEach((option, reason) -> {
      if (option.get() != null) {
        throw new UsageException(option.declaration().title() + " is not supported: " + reason);
      }
    });
    String file = policy.get();
    if (file != null) {
      checkPolicy(file);
    }
  }

  /** Refuses a policy (containers-policy.json(5)) that does not accept every image. */
  private static void checkPolicy(String file) {
    String name = FileNames.quote(file);
    byte[] policy;
    try {
      policy = Files.readAllBytes(FileNames.path(file));
    } catch (IOException e) {
      throw new NotFoundException("cannot read the policy " + name + ": " + e.getMessage(), e);
    }
    try (JsonParser in = new JsonFactory().createParser(policy)) {
      while (in.nextToken() != null) {
        boolean isType =
            in.currentToken() == JsonToken.FIELD_NAME && "type".equals(in.currentName());
        if (isType && in.nextToken() == JsonToken.VALUE_STRING && !in.getText().equals(ANYTHING)) {
          throw new InvalidInputException(
              "cannot apply the policy "
                  + name
                  + ": it has the requirement "
                  + FileNames.quote(in.getText())
                  + ", but Strata verifies no signatures; use Skopeo");
        }
      }
    } catch (IOException e) {
      throw new InvalidInputException(
          "cannot read the policy " + name + ": it is not valid JSON; correct it", e);
    }
  }
}
