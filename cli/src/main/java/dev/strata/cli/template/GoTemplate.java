package dev.strata.cli.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A template in the language of Go's text/template (https://pkg.go.dev/text/template) with the
 * functions that Skopeo and Podman add: fields, pipelines, variables, {@code if}, {@code with},
 * {@code range} and functions. Named templates ({@code define}, {@code template}, {@code block})
 * are not supported. Immutable and thread-safe.
 *
 * <p>Values are strings, {@code Long}, {@code Double}, {@code Boolean}, {@link GoList}, {@link
 * GoMap}, {@link GoStruct}, {@link GoTime}, {@link GoDigest}, and null for Go's nil.
 */
public final class GoTemplate {
  private final List<Node> nodes;

  private GoTemplate(List<Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * Parses a template.
   *
   * @throws dev.strata.io.InvalidInputException if it is malformed, or uses what is not supported
   */
  public static GoTemplate parse(String text) {
    return new GoTemplate(new TemplateParser(text).parse());
  }

  /**
   * Applies the template.
   *
   * @param data the value of the dot
   * @return the text
   * @throws dev.strata.io.InvalidInputException if the template does not fit the data
   */
  public String apply(@Nullable Object data) {
    Scope scope = new Scope(data);
    Node.runAll(nodes, scope, data);
    return scope.text();
  }
}
