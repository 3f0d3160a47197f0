package graft.run;

import graft.AtomicFile;
import graft.InputException;
import graft.backbone.Backbone;
import graft.backbone.WeightFit;
import graft.torch.Archive;
import graft.torch.Module;
import graft.torch.StateDict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * A classifier as files: the folder of a run, with a complete {@code .safetensors} file for each backbone; one {@code .safetensors} file; or a
 * TorchScript archive. Reading never runs code: an archive's network is built again from its description.
 *
 * @param states each backbone's weights with its head, by the backbone's name
 * @param joined {@code weight} and {@code bias} of the layer that joins several, where one does; else empty
 */
record ClassifierFiles(ClassifierDescription description, Map<String, StateDict> states, StateDict joined) {
    private static final String CHECKPOINT = "checkpoint";
    private static final String DESCRIPTION = "classifier.json";
    private static final String JOINED = "joined";

    /** Writes {@code classifier.json} and {@code NAME.safetensors} for each backbone; {@code joined.safetensors} where a layer joins them. */
    void writeFolder(Path folder) {
        description.parts().forEach(part -> states.get(part.backbone()).writeSafetensors(folder.resolve(part.backbone() + ".safetensors"), metadata(description.only(part))));
        if (joined.size() > 0) {
            joined.writeSafetensors(folder.resolve(JOINED + ".safetensors"), Map.of("format", "pt"));
        }
        AtomicFile.writeText(folder.resolve(DESCRIPTION), out -> out.append(description.toJson()).append('\n'));
    }

    private static Map<String, String> metadata(ClassifierDescription description) {
        return Map.of("format", "pt", ClassifierDescription.NAME, description.toJson());
    }

    /** Writes one file, a TorchScript archive or safetensors as its name says. */
    void write(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".pt")) {
            Archive.write(description.module(), whole(), description.precision(), Map.of(ClassifierDescription.NAME, description.toJson()), file);
        } else if (name.endsWith(".safetensors")) {
            whole().writeSafetensors(file, metadata(description));
        } else {
            throw new InputException("a classifier is saved as .pt (TorchScript) or .safetensors, and " + file + " ends in neither; " + file + ".pt would be right");
        }
    }

    /** All entries under the names that {@link ClassifierDescription#module} gives them. */
    private StateDict whole() {
        if (states.size() == 1) {
            return states.values().iterator().next();
        }
        StateDict whole = new StateDict("the classifier");
        states.forEach((backbone, state) -> state.names().forEach(name -> whole.put(backbone + "." + name, state.get(name))));
        joined.names().forEach(name -> whole.put(JOINED + "." + name, joined.get(name)));
        return whole;
    }

    /**
     * Reads the folder of a run, or a file.
     *
     * @throws InputException if there is no classifier in it, or its parts do not fit together
     */
    static ClassifierFiles read(Path model) {
        if (!Files.exists(model)) {
            throw new InputException("--model " + model + " does not exist; give the folder of a finished run, or a .pt or .safetensors file that Graft saved");
        }
        try {
            return Files.isDirectory(model) ? readFolder(model) : readFile(model);
        } catch (InputException | CancellationException stopped) {
            throw stopped;
        } catch (IOException | RuntimeException damaged) { // what a damaged file leads to in JSON and in shapes
            throw damaged(model, damaged);
        }
    }

    static InputException damaged(Path model, Exception cause) {
        return new InputException("--model " + model + " holds a model that is damaged or of another version; give another one, or run the experiment again", cause);
    }

    private static ClassifierFiles readFolder(Path run) throws IOException {
        Path folder = run.resolve(CHECKPOINT);
        Path file = folder.resolve(DESCRIPTION);
        if (!Files.isRegularFile(file)) {
            throw new InputException("--model " + run + " holds no trained model (" + file + " is missing); give the folder of a finished run, such as runs/quickstart/…");
        }
        ClassifierDescription description = description(run, Files.readString(file));
        Map<String, StateDict> states = new LinkedHashMap<>();
        for (ClassifierDescription.Part part : description.parts()) {
            Backbone backbone = part.create(description.classes().size());
            states.put(part.backbone(), fitting(backbone, StateDict.read(folder.resolve(part.backbone() + ".safetensors")), ""));
        }
        boolean layer = description.parts().size() > 1 && description.module() instanceof JoinedBackbones all && all.state().containsKey(JOINED + ".weight");
        return checked(new ClassifierFiles(description, states, layer ? StateDict.read(folder.resolve(JOINED + ".safetensors")) : new StateDict(JOINED)));
    }

    private static ClassifierDescription description(Path model, String text) {
        try {
            return ClassifierDescription.of(text);
        } catch (InputException unknown) {
            throw new InputException("--model " + model + " holds a model that is damaged or of another version: " + unknown.getMessage(), unknown);
        }
    }

    private static ClassifierFiles readFile(Path file) {
        StateDict whole = StateDict.read(file);
        String text = whole.metadata().get(ClassifierDescription.NAME);
        if (text == null) {
            throw new InputException("--model " + file + " holds weights, but not what their classes are and how pictures are prepared; give a file that Graft saved, or the folder of a finished run");
        }
        ClassifierDescription description = description(file, text);
        boolean several = description.parts().size() > 1;
        Map<String, StateDict> states = new LinkedHashMap<>();
        for (ClassifierDescription.Part part : description.parts()) {
            states.put(part.backbone(), fitting(part.create(description.classes().size()), whole, several ? part.backbone() + "." : ""));
        }
        StateDict joined = new StateDict(file.toString());
        if (several) {
            for (String name : description.module().state().keySet()) {
                if (name.startsWith(JOINED + ".")) {
                    joined.put(name.substring(JOINED.length() + 1), whole.get(name));
                }
            }
        }
        return checked(new ClassifierFiles(description, states, joined));
    }

    /** What a backbone needs of a file. @param prefix before its names there */
    private static StateDict fitting(Backbone backbone, StateDict whole, String prefix) {
        StateDict state = new StateDict(whole.source());
        for (Map.Entry<String, Module.Entry> entry : backbone.state().entrySet()) {
            if (entry.getValue().value() == null && whole.contains(prefix + entry.getKey())) {
                state.put(entry.getKey(), whole.get(prefix + entry.getKey()));
            }
        }
        WeightFit.check(backbone, state, true);
        return state;
    }

    private static ClassifierFiles checked(ClassifierFiles read) {
        int classes = read.description.classes().size();
        if (read.joined.size() > 0 && (!Arrays.equals(read.joined.get("weight").shape(), new long[] {classes, (long) classes * read.states.size()})
            || read.joined.get("bias").count() != classes)) {
            throw new IllegalStateException("the layer that joins has another shape");
        }
        return read;
    }
}
