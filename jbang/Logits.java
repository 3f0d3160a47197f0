///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS graft:graft:0.1.0

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import graft.InputException;
import graft.Progress;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.Pretrained;
import graft.backbone.WeightFiles;
import graft.backbone.Weights;
import graft.data.Image;
import graft.data.PictureFile;
import graft.data.UnreadablePictureException;
import graft.run.Options;
import graft.run.Script;
import graft.torch.FrozenProgram;
import graft.torch.Precision;
import graft.torch.StateDict;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** A backbone's raw output for one picture, taken at its own size and only normalised: to compare a port with its reference. */
class Logits implements Callable<Integer> {
    @Option(names = "--backbone", required = true, paramLabel = "NAME", description = "a backbone that environment/jbang models lists")
    String backbone;

    @Option(names = "--weights", paramLabel = "NAME=FILE", description = "weights from a file; without it they are downloaded once, checked and kept")
    java.util.List<String> weights = new java.util.ArrayList<>();

    @Option(names = "--size", paramLabel = "N", description = "height and width that the picture has to have; its own unless said")
    int size;

    @Option(names = "--precision", paramLabel = "float32|bfloat16", description = "what the network computes in")
    String precision = "float32";

    @Parameters(arity = "1", paramLabel = "PICTURE", description = "a picture of N by N pixels")
    Path picture;

    @Override
    public Integer call() throws Exception {
        for (String name : WeightFiles.parse(weights).keySet()) {
            if (!name.equals(backbone)) {
                throw new InputException("--weights names " + name + ", and --backbone " + backbone + "; the same name would be right");
            }
        }
        Pretrained published = Pretrained.of(backbone);
        Image image = picture();
        Weights source = Options.weights(published, weights);
        Backbone network = Backbones.create(backbone, source.classes(Progress.SILENT), size);
        StateDict state = source.load(network, true, Progress.SILENT);
        ByteBuffer pixels = ByteBuffer.allocateDirect(image.pixels().length).put(image.pixels()).flip();
        try (FrozenProgram program = FrozenProgram.compile(network::of, state, Precision.of(precision), published.mean(), published.std())) {
            JsonObject json = new JsonObject();
            json.addProperty("backbone", backbone);
            json.add("logits", new Gson().toJsonTree(program.run(pixels, 1, size, size)[0]));
            System.out.println(json);
        }
        return 0;
    }

    private Image picture() {
        try {
            Image image = PictureFile.read(picture);
            size = size == 0 ? image.height() : size;
            if (image.height() != size || image.width() != size) {
                throw new InputException(picture + " has " + image.width() + "×" + image.height() + " pixels; --size " + size + " asks for " + size + "×" + size);
            }
            return image;
        } catch (UnreadablePictureException unreadable) {
            throw new InputException(picture + " cannot be read: " + unreadable.getMessage() + "; give a picture", unreadable);
        }
    }

    public static void main(String... arguments) {
        Logits logits = new Logits();
        Script.main(logits, logits, "logits", "Prints a backbone's raw output for one picture as one line of JSON.", arguments);
    }
}
