package graft.eval;

import graft.InputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** A {@code submission.csv} or its sample, as read: two named columns, one row a picture. */
record SubmissionFile(String idColumn, String labelColumn, List<String> ids, List<String> labels) {
    /** The columns where no sample names them. */
    static final List<String> COLUMNS = List.of("ID", "Label");

    /** @throws InputException if the file is missing, is no CSV or has no two columns */
    static SubmissionFile read(Path file) {
        List<CSVRecord> rows = rows(file);
        if (rows.isEmpty() || rows.get(0).size() != 2) {
            throw new InputException(file + " is not a submission: its first line must name two columns, such as ID,Label");
        }
        List<String> ids = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (CSVRecord row : rows.subList(1, rows.size())) {
            if (row.size() != 2) {
                throw new InputException(file + ": line " + row.getRecordNumber() + " has " + row.size()
                    + " columns, but must have 2");
            }
            ids.add(row.get(0));
            labels.add(row.get(1));
        }
        return new SubmissionFile(rows.get(0).get(0), rows.get(0).get(1), ids, labels);
    }

    private static List<CSVRecord> rows(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            if (text.startsWith("\uFEFF")) { // Excel's byte order mark
                text = text.substring(1);
            }
            try (CSVParser parser = CSVParser.parse(text, CSVFormat.DEFAULT.builder().setIgnoreSurroundingSpaces(true).get())) {
                return parser.getRecords();
            }
        } catch (NoSuchFileException e) {
            throw new InputException(file + " does not exist", e);
        } catch (CharacterCodingException e) {
            throw new InputException(file + " is not a text in UTF-8: it must be a CSV file", e);
        } catch (IOException | java.io.UncheckedIOException | IllegalStateException e) {
            throw new InputException(file + " cannot be read as CSV: " + e.getMessage(), e);
        }
    }
}
