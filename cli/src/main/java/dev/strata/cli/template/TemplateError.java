package dev.strata.cli.template;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;

/** The messages of templates that cannot be used. */
final class TemplateError {
  private TemplateError() {}

  /** A malformed template. */
  static InvalidInputException parsing(String where, String problem) {
    return new InvalidInputException(
        "cannot read the template: " + problem + " in " + FileNames.quote(where));
  }

  /** A template that does not fit the data. */
  static InvalidInputException applying(String problem) {
    return new InvalidInputException("cannot apply the template: " + problem);
  }
}
