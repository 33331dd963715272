package dev.strata.cli.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields and methods of values. */
final class Members {
  private Members() {}

  /**
   * Returns a field, an entry of a map, or the result of a method.
   *
   * @param arguments the arguments, which only a method can have
   */
  static @Nullable Object get(@Nullable Object of, String name, List<@Nullable Object> arguments) {
    if (of instanceof GoTime time) {
      return ofTime(time, name, arguments);
    }
    if (of instanceof GoDigest digest) {
      return ofDigest(digest, name, arguments);
    }
    if (!arguments.isEmpty()) {
      throw TemplateError.applying("'" + name + "' is not a function and takes no arguments");
    }
    if (of instanceof GoMap map) {
      Object entry = map.entries().get(name);
      return entry == null ? GoFormat.NoValue.INSTANCE : entry;
    }
    if (of instanceof GoStruct struct) {
      GoStruct.Field field = struct.find(name);
      if (field != null) {
        return field.value();
      }
      throw TemplateError.applying(
          "unknown field '"
              + name
              + "'; the fields are "
              + String.join(", ", struct.fields().stream().map(GoStruct.Field::name).toList()));
    }
    throw TemplateError.applying("no field '" + name + "' in " + GoFormat.kind(of));
  }

  private static Object ofTime(GoTime time, String name, List<@Nullable Object> arguments) {
    return switch (name) {
      case "Format" -> time.formatted(GoFunctions.string(name, arguments, 1, 0));
      case "Unix" -> time.time().toEpochSecond();
      case "Year" -> (long) time.time().getYear();
      case "Month" -> time.formatted("January");
      case "Day" -> (long) time.time().getDayOfMonth();
      case "Hour" -> (long) time.time().getHour();
      case "Minute" -> (long) time.time().getMinute();
      case "Second" -> (long) time.time().getSecond();
      case "String" -> time.toString();
      default ->
          throw TemplateError.applying(
              "unsupported method '"
                  + name
                  + "' of a time; supported are Format, Unix, Year, Month, Day, Hour, Minute,"
                  + " Second and String");
    };
  }

  private static Object ofDigest(GoDigest digest, String name, List<@Nullable Object> arguments) {
    if (!arguments.isEmpty()) {
      throw TemplateError.applying("'" + name + "' takes no arguments");
    }
    int colon = digest.value().indexOf(':');
    return switch (name) {
      case "Algorithm" -> digest.value().substring(0, colon);
      case "Encoded", "Hex" -> digest.value().substring(colon + 1);
      case "String" -> digest.value();
      default ->
          throw TemplateError.applying(
              "unsupported method '"
                  + name
                  + "' of a digest; supported are Algorithm, Encoded, Hex and String");
    };
  }
}
