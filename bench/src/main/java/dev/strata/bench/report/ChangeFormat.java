package dev.strata.bench.report;

import java.io.Serial;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.FieldPosition;
import java.util.Locale;

/** Formats changes in percent, with a sign unless they are zero. */
final class ChangeFormat extends DecimalFormat {
  @Serial private static final long serialVersionUID = 1L;

  ChangeFormat() {
    super("+0.#'%';−0.#'%'", DecimalFormatSymbols.getInstance(Locale.ROOT));
  }

  @Override
  public StringBuffer format(double percent, StringBuffer out, FieldPosition position) {
    return Math.abs(percent) < 0.05 ? out.append("0%") : super.format(percent, out, position);
  }
}
