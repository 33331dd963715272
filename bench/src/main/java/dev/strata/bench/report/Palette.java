package dev.strata.bench.report;

import java.awt.Color;

/**
 * The colours of charts. A chart is painted in stand-ins, which become CSS variables in the page:
 * so the page decides, by light or dark, what they look like.
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
  private final Color standIn;

  /** The stand-ins differ in blue alone. */
  Palette(String variable, int blue) {
    this.variable = variable;
    this.standIn = new Color(1, 2, blue);
  }

  /** A colour that nothing else uses. */
  Color standIn() {
    return standIn;
  }

  /** Replaces stand-ins in an SVG text. */
  static String toVariables(String svg) {
    String out = svg;
    for (Palette p : values()) {
      Color c = p.standIn;
      String written = "rgb(" + c.getRed() + "," + c.getGreen() + "," + c.getBlue() + ")";
      out = out.replace(written, "var(--" + p.variable + ")");
    }
    return out;
  }
}
