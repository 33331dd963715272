package dev.strata.internal.json;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.strata.io.InvalidInputException;
import dev.strata.io.PlainText;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Says what is wrong with a text that is not JSON, with the help of a parser for good messages. */
final class JsonSyntax {
  /** How much of a text that is not JSON, such as a tar file, is quoted in a message. */
  private static final int MAX_QUOTED = 20;

  // Buffers are not recycled: Jackson keeps them in thread locals, which would keep the class
  // loader of a host's plug-in alive.
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .errorReportConfiguration(
              ErrorReportConfiguration.builder().maxErrorTokenLength(MAX_QUOTED).build())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonScanner.MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** Parts of the parser's messages that mean nothing to who wrote the text, as patterns. */
  private static final List<String> ADVICE =
      List.of(
          " \\([^()]* at \\[Source: .*?; line: -?\\d+, column: -?\\d+\\]\\)",
          ":? (?:\\(?use|enable) `?\\w*Feature\\S* to allow\\)?",
          " \\(not recognized as one since Feature [^)]*\\)",
          ", from `[^`]*`");

  private JsonSyntax() {}

  /**
   * Creates an exception about the first error of a text that is not JSON.
   *
   * @param source the name of the text in messages
   */
  static InvalidInputException error(String source, String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
          parser.getText();
        }
      }
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      return new InvalidInputException(
          source + " is not valid JSON" + where + ": " + problem(e), e);
    } catch (IOException e) {
      throw new AssertionError("a string cannot be read", e);
    }
    // Jackson takes other characters for digits if their low bytes are those of digits.
    return new InvalidInputException(
        source + " is not valid JSON: a \\u is not followed by four hexadecimal digits");
  }

  /** What is wrong, without the parser's advice to programmers and its own names of places. */
  private static String problem(JsonProcessingException e) {
    if (e instanceof JsonEOFException
        || e.getOriginalMessage().startsWith("Unexpected end-of-input")) {
      return "it ends before its JSON value does";
    }
    String message = e.getOriginalMessage().replaceAll("\\s+", " ");
    for (String pattern : ADVICE) {
      message = message.replaceAll(pattern, "");
    }
    // The message quotes from the text.
    return PlainText.line(message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1));
  }
}
