package graft.run;

import static graft.plot.Html.escape;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A page of HTML that can be mailed and printed: style and pictures are inside, and its content security policy forbids it to load anything. */
final class Page {
    private final StringBuilder html = new StringBuilder();

    /** Begins with a heading and a sentence below it; {@link #endHeader} has to follow. */
    Page(String title, String subtitle) {
        html.append("""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'">
            <title>""").append(escape(title)).append("</title>\n<style>\n").append(style()).append("</style>\n</head>\n<body>\n<main>\n");
        html.append("<header>\n<h1>").append(escape(title)).append("</h1>\n<p class=\"what\">").append(escape(subtitle)).append("</p>\n");
    }

    private static String style() {
        try (InputStream in = Page.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands large below the heading: a figure, what it is, and a remark. */
    Page headline(String figure, String what, String remark) {
        return append("<p class=\"result\"><strong>").append(escape(figure)).append("</strong> ").append(escape(what)).append("<br><span>")
            .append(escape(remark)).append("</span></p>\n");
    }

    Page endHeader() {
        return append("</header>\n");
    }

    /** HTML as it is: text from strangers has to be escaped first. */
    Page append(String fragment) {
        html.append(fragment);
        return this;
    }

    void open(String heading) {
        append("<section>\n<h2>").append(escape(heading)).append("</h2>\n");
    }

    void close() {
        append("</section>\n");
    }

    void note(String text) {
        append("<p class=\"note\">").append(escape(text)).append("</p>\n");
    }

    /** Opens a table that scrolls by itself on a narrow screen. */
    void table(String... columns) {
        append("<div class=\"table\"><table><thead><tr>");
        for (String column : columns) {
            append("<th scope=\"col\">").append(escape(column)).append("</th>");
        }
        append("</tr></thead><tbody>\n");
    }

    void row(String head, String... cells) {
        append("<tr><th scope=\"row\">").append(escape(head)).append("</th>");
        for (String cell : cells) {
            append("<td>").append(escape(cell)).append("</td>");
        }
        append("</tr>\n");
    }

    void endTable() {
        append("</tbody></table></div>\n");
    }

    /** A section of names and values; none if there are none. */
    void facts(String heading, Map<String, String> facts) {
        if (!facts.isEmpty()) {
            open(heading);
            append("<dl>");
            facts.forEach((name, value) -> append("<dt>").append(escape(name)).append("</dt><dd>").append(escape(value)).append("</dd>"));
            append("</dl>\n");
            close();
        }
    }

    /** A section with the line that does it again; none if there is none. */
    void again(String commandLine) {
        if (!commandLine.isEmpty()) {
            open("Again");
            append("<p>This line does it again:</p>\n<pre><code>").append(escape(commandLine)).append("</code></pre>\n");
            close();
        }
    }

    /** The whole page, with {@code scripts} before its end. */
    String end(String scripts) {
        return append("</main>\n").append(scripts).append("</body>\n</html>\n").html.toString();
    }
}
