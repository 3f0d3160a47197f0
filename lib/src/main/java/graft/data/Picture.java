package graft.data;

import java.nio.file.Path;

/**
 * A picture file of a data set and what it shows.
 *
 * @param file where it is
 * @param id its path below the data folder, with {@code /} on every platform: {@code train/kiwi/3.jpg}. Everything drawn
 *     at random for a picture depends on its id, never on its position in a list
 * @param label index into {@link ImageFolder#classes()}; −1 when unknown
 */
public record Picture(Path file, String id, int label) { }
