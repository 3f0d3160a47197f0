package graft.plot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import tech.tablesaw.plotly.components.Figure;

/**
 * plotly.js inside a page, without a network and without {@code require}: {@link #library} goes into a page or
 * notebook once (0.5 MB), each plot is a {@link #fragment}. A fragment queues itself in {@code window.graftPlots}; the
 * library draws what is queued, in whichever order they come. Where scripts do not run the static picture stays.
 */
public final class Plotly {
    private static final String BUNDLE = "/META-INF/resources/webjars/plotly.js/1.54.1/dist/plotly-cartesian.min.js";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Plotly() { }

    /** A {@code <script>} with plotly.js (MIT, Plotly Inc.), compressed; the page unpacks it with its own {@code DecompressionStream}. */
    public static String library() {
        return LIBRARY.replace("%BUNDLE%", Holder.COMPRESSED);
    }

    /** The HTML of {@code plot}, see {@link Plot#html}. */
    static String fragment(Plot plot) {
        String bytes = Base64.getEncoder().encodeToString(plot.imageBytes());
        String picture = "<img alt=\"" + Html.escape(plot.describe()) + "\" src=\"data:" + plot.imageType() + ";base64," + bytes
            + "\" style=\"width:100%;max-width:" + plot.image().getWidth() / PlotStyle.DENSITY + "px;height:auto\">";
        return fragment(plot.figures(), picture);
    }

    /** The HTML of a figure that somebody else made; without scripts only its title can be seen. */
    public static String fragment(Figure figure) {
        return fragment(List.of(figure), "<p style=\"color:#333840\">An interactive figure, which this page cannot show: run the notebook, or trust it.</p>");
    }

    private static String fragment(List<Figure> figures, String fallback) {
        CRC32 crc = new CRC32();
        crc.update(fallback.getBytes(StandardCharsets.UTF_8));
        String id = String.format("graft_%08x_%d", crc.getValue(), COUNT.incrementAndGet());
        StringBuilder html = new StringBuilder("<div class=\"graft-plot\" id=\"").append(id)
            .append("\" style=\"background:#fff;color:#333840;border-radius:6px;overflow:hidden;max-width:1000px\">")
            .append(fallback).append("</div>");
        if (figures.isEmpty()) {
            return html.toString();
        }
        html.append("\n<script>(window.graftPlots=window.graftPlots||[]).push({id:\"").append(id).append("\",draw:[");
        for (int i = 0; i < figures.size(); i++) {
            html.append(i == 0 ? "" : ",").append("function(Plotly){").append(script(figures.get(i), id + "_" + i)).append("}");
        }
        return html.append("]});</script>\n").toString();
    }

    /** The figure's own JavaScript, which calls {@code Plotly.newPlot}; Tablesaw wraps it into a script element. */
    private static String script(Figure figure, String div) {
        String element = figure.asJavascript(div);
        String body = element.substring(element.indexOf("<script>") + "<script>".length(), element.lastIndexOf("</script>"));
        return body.replace("</", "<\\/").replace("<!--", "<\\!--").replaceAll("\\s*\\n\\s*", "\n");
    }

    /** Read and compressed at first use. */
    private static final class Holder {
        static final String COMPRESSED = compressed();

        private static String compressed() {
            try (InputStream in = Plotly.class.getResourceAsStream(BUNDLE)) {
                if (in == null) {
                    throw new IllegalStateException(BUNDLE + " is not on the class path; the Maven build unpacks it");
                }
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (GZIPOutputStream gzip = new GZIPOutputStream(bytes) { { def.setLevel(9); } }) {
                    in.transferTo(gzip);
                }
                return Base64.getEncoder().encodeToString(bytes.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    // plotly.js registers itself as an AMD or CommonJS module or as a global, whichever it finds: handing it a module of
    // our own leaves the page's require, where there is one, alone. It would also configure a MathJax that it finds, and
    // fails on JupyterLab's newer one: it is shown none.
    private static final String LIBRARY = """
        <script>
        /*! plotly.js 1.54.1, copyright 2012-2020 Plotly, Inc., MIT licence */
        (function () {
          "use strict";
          if (window.graftPlots && window.graftPlots.ready) return;
          function draw(Plotly, item) {
            var place = document.getElementById(item.id);
            if (!place) return;
            var row = document.createElement("div");
            row.style.cssText = "display:flex;flex-wrap:wrap;width:100%";
            item.draw.forEach(function (_, i) {
              var panel = document.createElement("div");
              panel.id = item.id + "_" + i;
              panel.style.cssText = "flex:1 1 " + (item.draw.length > 1 ? "340px" : "100%") + ";min-width:0";
              row.appendChild(panel);
            });
            var before = Array.from(place.childNodes);
            place.appendChild(row);
              var fitting = {newPlot: function (div, data, layout, config) {
                if (layout && layout.width > place.clientWidth) { // a phone
                  layout.height = Math.max(320, layout.height * place.clientWidth / layout.width);
                  delete layout.width;
                }
                return Plotly.newPlot(div, data, layout, config);
              }};
            try {
              item.draw.forEach(function (one) { one(fitting); });
              before.forEach(function (node) { place.removeChild(node); });
            } catch (e) {
              place.removeChild(row);
              console.info("Graft: the static picture stays, because " + e);
            }
          }
          var packed = Uint8Array.from(atob("%BUNDLE%"), function (c) { return c.charCodeAt(0); });
          Promise.resolve().then(function () {
            return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
          }).then(function (code) {
            var module = {exports: {}};
            new Function("module", "exports", "define", "MathJax", code)(module, module.exports, undefined, undefined);
            var waiting = window.graftPlots || [];
            if (waiting.ready) return;
            window.graftPlots = {ready: true, push: function (item) { draw(module.exports, item); }};
            waiting.forEach(window.graftPlots.push);
          }).catch(function (e) { console.info("Graft: the static pictures stay, because " + e); });
        })();
        </script>
        """;
}
