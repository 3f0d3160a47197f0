package graft.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which Graft this is: its version, and the commit it was built from, as the build wrote them down. */
final class Version {
    private Version() { }

    static String text() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
        String commit = properties.getProperty("commit");
        return properties.getProperty("version") + (commit.isBlank() ? "" : ", commit " + commit);
    }
}
