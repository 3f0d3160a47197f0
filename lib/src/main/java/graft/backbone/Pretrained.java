package graft.backbone;

import graft.InputException;
import graft.Progress;
import graft.data.Cache;
import graft.data.Download;
import graft.data.FirstDownload;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Published weights of a backbone: where they are, how a file is told to be the right one, what preprocessing they were
 * trained with and how good they are ({@link TorchvisionWeights}, {@link TimmWeights},
 * {@link TransformerWeights}). Files are kept in the cache's folder
 * {@code weights}.
 *
 * @param backbone the architecture, by torchvision's or timm's name: {@code resnet50}
 * @param weights torchvision's name, {@code IMAGENET1K_V1}, timm's tag, {@code a1h_in1k}, or {@value #BUILTIN}
 * @param address where they are downloaded from; {@code builtin:FILE} for those inside the library
 * @param sha256 the file's SHA-256, or its first hexadecimal digits: eight are in the names of torchvision's files;
 *     empty where none is published: then the first download records it, and every later one has to match
 * @param licence the licence they come with
 * @param resize the picture's shorter side in pixels, before the crop
 * @param crop height and width in pixels of the centre crop: the input is {@code [batch, 3, crop, crop]}
 * @param interpolation of the resize: {@code bilinear} or {@code bicubic}, with antialias
 * @param mean taken from each channel (red, green, blue; 0 to 1) before it is divided by {@code std}
 * @param std what each channel is divided by
 * @param top1 published accuracy on ImageNet-1K's validation pictures, 0 to 1; NaN where none is published
 * @param top5 the same, the right class being among the best five
 */
public record Pretrained(String backbone, String weights, URI address, String sha256, String licence,
                         int resize, int crop, String interpolation, List<Float> mean, List<Float> std,
                         double top1, double top5) {
    /** The name of the weights that are inside the library. */
    public static final String BUILTIN = "BUILTIN";

    private static final Pretrained BUILT_IN = new Pretrained("mobilenet_v2", BUILTIN, URI.create("builtin:mobilenet_v2_features_int8-a00c9c3d.safetensors"),
            "a00c9c3de89d752c461c356c7cef78a279244b08729f83446ef154651779f416", "Apache-2.0", 256, 224, "bilinear",
            TorchvisionWeights.IMAGENET_MEAN, TorchvisionWeights.IMAGENET_STD, Double.NaN, Double.NaN);

    private static final List<Pretrained> ALL = Stream.of(TorchvisionWeights.ALL, TimmWeights.ALL, TransformerWeights.all(), List.of(BUILT_IN)).flatMap(List::stream).toList();

    /** Everything known. */
    public static List<Pretrained> all() {
        return ALL;
    }

    /**
     * The weights of a backbone that are taken when none are named: {@code IMAGENET1K_V1}, because the documented
     * experiments used those (torchvision's own {@code DEFAULT} is the newest); the first of those that have none of that name.
     *
     * @throws InputException if none are known
     */
    public static Pretrained of(String backbone) {
        return known(backbone).stream().filter(one -> one.weights.equals("IMAGENET1K_V1")).findFirst().orElseGet(() -> known(backbone).get(0));
    }

    /** @throws InputException if there are none of that name, saying which there are */
    public static Pretrained of(String backbone, String weights) {
        List<Pretrained> known = known(backbone);
        return known.stream().filter(one -> one.weights.equals(weights)).findFirst().orElseThrow(() ->
                new InputException("%s has no weights named %s, but %s".formatted(backbone, weights,
                        known.stream().map(Pretrained::weights).collect(Collectors.joining(", ")))));
    }

    private static List<Pretrained> known(String backbone) {
        List<Pretrained> known = ALL.stream().filter(one -> one.backbone.equals(backbone)).toList();
        if (known.isEmpty()) {
            throw new InputException("no published weights are known for %s, but for %s".formatted(backbone,
                    ALL.stream().map(Pretrained::backbone).distinct().collect(Collectors.joining(", "))));
        }
        return known;
    }

    /**
     * The weights inside the library, without the classifier: {@code mobilenet_v2} has some.
     *
     * @throws InputException if the backbone has none
     */
    public static Pretrained builtin(String backbone) {
        return of(backbone, BUILTIN);
    }

    /** The same for pictures of another size: the resize in proportion to the crop. */
    Pretrained sized(int pixels) {
        return new Pretrained(backbone, weights, address, sha256, licence, Math.max(pixels, Math.round((float) resize * pixels / crop)), pixels, interpolation, mean, std, top1, top5);
    }

    /** Whether they are inside the library and need no network. */
    public boolean builtIn() {
        return weights.equals(BUILTIN);
    }

    /**
     * The file with the weights: from the cache if it is there, else downloaded (going on where an earlier download
     * broke off) and checked. Processes and threads that ask at the same time download it once.
     *
     * @throws InputException if it cannot be had, saying why and what to do
     * @throws InterruptedException if the thread is interrupted; what has arrived is kept
     */
    public Path file(Progress progress) throws InterruptedException {
        if (builtIn()) {
            return BuiltInWeights.unpack(address.getSchemeSpecificPart(), sha256, folder());
        }
        Path file = kept();
        String wayOut = "--weights " + backbone + "=FILE takes a file that you have";
        if (!sha256.isEmpty()) {
            return new Download(address, sha256, file, wayOut).run(progress);
        }
        FirstDownload first = new FirstDownload(file);
        new Download(address, first.sha256(), file, wayOut).run(progress);
        first.record();
        return file;
    }

    /** Whether {@link #file} needs no download. */
    public boolean here() {
        return builtIn() || Files.isRegularFile(kept());
    }

    /** The place in the cache. All files of a model hub have the same name, so there the weights give it. */
    private Path kept() {
        String path = address.getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        return folder().resolve(name.startsWith("model.") ? backbone + "." + weights + name.substring(name.indexOf('.')) : name);
    }

    private static Path folder() {
        return Cache.folder().resolve("weights");
    }

    /** Reads as {@code resnet50 IMAGENET1K_V1}. */
    @Override
    public String toString() {
        return backbone + " " + weights;
    }
}
