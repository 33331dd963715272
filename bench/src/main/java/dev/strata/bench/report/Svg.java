package dev.strata.bench.report;

import java.awt.Dimension;
import java.awt.geom.Rectangle2D;
import java.io.StringWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGGraphics2DIOException;
import org.apache.batik.svggen.SVGIDGenerator;
import org.jfree.chart.JFreeChart;
import org.w3c.dom.Document;

/** Draws charts as {@code svg} elements that scale with the page. */
final class Svg {
  private static final Pattern STYLE = Pattern.compile("style=\"[^\"]*\"");

  private Svg() {}

  /**
   * Draws a chart.
   *
   * @param chart the chart, in colours of the palette
   * @param width the width of the drawing, in the unit of font sizes
   * @param height the height of the drawing
   * @param id an id that is unique in the page; prefixes the ids of clip paths
   * @param label a description for screen readers
   * @return an {@code svg} element
   */
  static String draw(JFreeChart chart, int width, int height, String id, String label) {
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(emptyDocument());
    context.setIDGenerator(
        new SVGIDGenerator() {
          @Override
          public String generateID(String prefix) {
            return id + "-" + super.generateID(prefix);
          }
        });
    SVGGraphics2D graphics = new SVGGraphics2D(context, false);
    graphics.setSVGCanvasSize(new Dimension(width, height));
    chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height));
    StringWriter out = new StringWriter();
    try {
      graphics.stream(out, true);
    } catch (SVGGraphics2DIOException e) {
      throw new IllegalStateException("cannot draw a chart", e);
    }
    String text = out.toString();
    int tag = text.indexOf("<svg");
    int start = text.indexOf('>', tag) + 1;
    return "<svg class=\"chart\" role=\"img\" aria-label=\""
        + Html.escape(label)
        + "\" viewBox=\"0 0 "
        + width
        + " "
        + height
        + "\" "
        + style(text.substring(tag, start))
        + ">"
        + Palette.toVariables(text.substring(start)).strip()
        + "\n";
  }

  /** Returns the style attribute of the root element, which other elements inherit. */
  private static String style(String tag) {
    Matcher style = STYLE.matcher(tag);
    return style.find() ? style.group() : "";
  }

  private static Document emptyDocument() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument("http://www.w3.org/2000/svg", "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("no XML parser available", e);
    }
  }
}
