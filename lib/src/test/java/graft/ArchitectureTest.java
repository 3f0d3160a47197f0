package graft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Packages stand in the order in which data flows through them; an arrow never points back. */
class ArchitectureTest {
    private static final List<String> ORDER = List.of("data", "augment", "torch", "backbone", "train", "eval", "plot", "run", "notebook");
    private static final Path SOURCES = Path.of("src", "main", "java", "graft");
    private static final Pattern USE = Pattern.compile("\\bgraft\\.([a-z]+)\\.[A-Z]");
    private static final int LONGEST = 350;

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }

    @Test
    void packagesUseOnlyThoseBeforeThem() throws IOException {
        List<String> wrong = new ArrayList<>();
        int uses = 0;
        for (Path file : sources()) {
            Path below = SOURCES.relativize(file);
            int here = below.getNameCount() == 1 ? -1 : ORDER.indexOf(below.getName(0).toString());
            assertTrue(below.getNameCount() == 1 || here >= 0, below + " is in a package that the order does not know");
            Matcher use = USE.matcher(withoutJavadoc(Files.readString(file)));
            while (use.find()) {
                uses++;
                if (ORDER.indexOf(use.group(1)) > here) {
                    wrong.add(below + " uses graft." + use.group(1));
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(uses > 100, "only " + uses + " uses were found: the sources were not read");
    }

    /** A comment may point anywhere. */
    private static String withoutJavadoc(String source) {
        return source.replaceAll("(?s)/\\*\\*.*?\\*/", "");
    }

    @Test
    void filesAreShortAndOpenWithWhatTheyAre() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : sources()) {
            String text = Files.readString(file);
            long lines = text.lines().count();
            if (lines > LONGEST) {
                wrong.add(file.getFileName() + " has " + lines + " lines");
            }
            int type = text.indexOf("\npublic ");
            if (!text.contains("/**")) {
                wrong.add(file.getFileName() + " does not say what it is");
            } else if (type >= 0 && text.indexOf("/**") > type) {
                wrong.add(file.getFileName() + " does not say first what it is");
            }
        }
        assertEquals(List.of(), wrong);
    }
}
