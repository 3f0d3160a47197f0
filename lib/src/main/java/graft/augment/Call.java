package graft.augment;

import java.util.List;
import java.util.stream.Collectors;

/** Writes a transform as torchvision prints it: {@code Resize(size=256, interpolation=bilinear)}. */
final class Call {
    private Call() { }

    static String of(Transform transform) {
        return transform.name() + transform.arguments().entrySet().stream().map(argument -> argument.getKey() + "=" + argument.getValue())
            .collect(Collectors.joining(", ", "(", ")"));
    }

    /** A size argument: one number for a square. */
    static Object size(int height, int width) {
        return height == width ? (Object) height : List.of(height, width);
    }
}
