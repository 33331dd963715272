package dev.strata.bench.report;

import java.awt.Color;

/**
 * The colours of charts. Charts are drawn in placeholder colours, which are then replaced by CSS
 * variables, so that the page can support light and dark mode.
 */
enum Palette {
  TEXT("text", 10),
  FAINT("faint", 11),
  GRID("grid", 12),
  FIRST("first", 13),
  SECOND("second", 14),
  BAND("band", 15),
  LIMIT("limit", 16);

  private final String variable;
  private final Color placeholder;

  /** Placeholders differ in the blue component only. */
  Palette(String variable, int blue) {
    this.variable = variable;
    this.placeholder = new Color(1, 2, blue);
  }

  /** Returns the placeholder, a colour that nothing else uses. */
  Color placeholder() {
    return placeholder;
  }

  /** Replaces the placeholders in an SVG document. */
  static String toVariables(String svg) {
    String out = svg;
    for (Palette p : values()) {
      Color c = p.placeholder;
      String written = "rgb(" + c.getRed() + "," + c.getGreen() + "," + c.getBlue() + ")";
      out = out.replace(written, "var(--" + p.variable + ")");
    }
    return out;
  }
}
