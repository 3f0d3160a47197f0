package graft.run;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import graft.Progress;
import graft.Small;
import graft.augment.Pipeline;
import graft.backbone.Backbone;
import graft.backbone.Head;
import graft.data.Picture;
import graft.oracle.Formula;
import graft.oracle.Reference;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import graft.train.Ensemble;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What plain PyTorch makes of saved classifiers: TorchScript archives by themselves, safetensors in torchvision's and timm's models. */
class ClassifierInPythonTest {
    private static final int SIZE = 64;
    private static final List<String> CLASSES = List.of("a", "b, \"c\"", "é", "d", "e");
    private static final List<Picture> PICTURES = Small.pictures().test().subList(0, 3);
    private static final Pipeline EVALUATE = Pipeline.of(resize(80), centerCrop(SIZE));
    /** Reads the pixels that Java made, normalises them as the file says, and writes the logits. */
    private static final String LOGITS = """
        import sys, json, numpy, torch
        def pictures(described):
            x = torch.from_numpy(numpy.fromfile(sys.argv[2], dtype=numpy.uint8)).reshape(-1, %d, %d, 3).permute(0, 3, 1, 2).float() / 255
            first = described['backbones'][0]
            return (x - torch.tensor(first['mean']).reshape(3, 1, 1)) / torch.tensor(first['std']).reshape(3, 1, 1)
        def done(logits):
            logits.detach().numpy().astype('<f4').tofile(sys.argv[3])
        """.formatted(SIZE, SIZE);
    private static final String ARCHIVE = LOGITS + """
        extra = {'graft.json': ''}
        network = torch.jit.load(sys.argv[1], _extra_files=extra)
        described = json.loads(extra['graft.json'])
        assert described['classes'] == ['a', 'b, "c"', 'é', 'd', 'e'] and described['transforms'][0]['name'] == 'Resize', described
        assert not network.training and not any(part.training for part in network.modules())
        done(network(pictures(described)))
        """;
    private static final String SAFETENSORS = LOGITS + """
        import safetensors, safetensors.torch, torchvision, timm
        with safetensors.safe_open(sys.argv[1], 'pt') as file:
            described = json.loads(file.metadata()['graft.json'])
        name, classes = described['backbones'][0]['name'], len(described['classes'])
        if name in timm.list_models() and 'patch' in name:
            network = timm.create_model(name, num_classes=classes, img_size=%d)
        else:
            network = torchvision.models.get_model(name, num_classes=classes)
        heads = {'Linear': lambda old: old,
            'Mlp': lambda old: torch.nn.Sequential(torch.nn.Dropout(0.3), torch.nn.Linear(old.in_features, 7), torch.nn.ReLU(), torch.nn.Dropout(0.3), torch.nn.Linear(7, classes)),
            'BatchNorm': lambda old: torch.nn.Sequential(torch.nn.Linear(old.in_features, 7), torch.nn.ReLU(), torch.nn.BatchNorm1d(7), torch.nn.Dropout(0.2), torch.nn.Linear(7, classes))}
        head = heads[described['backbones'][0]['head']['name']]
        if name == 'mobilenet_v2':
            network.classifier[1] = head(network.classifier[1])
        elif name == 'resnet18':
            network.fc = head(network.fc)
        network.load_state_dict(safetensors.torch.load_file(sys.argv[1]), strict=True)
        done(network.eval()(pictures(described)))
        """.formatted(SIZE);

    private static boolean torch;
    private static boolean models;
    @TempDir Path folder;

    /** {@code python3}, or what the property {@code graft.python} names; asked once what it has. */
    @BeforeAll
    static void lookForPyTorch() {
        torch = has("torch", "numpy");
        models = torch && has("torchvision", "timm", "safetensors");
    }

    private static boolean has(String... modules) {
        try {
            return python("import sys, importlib.util; sys.exit(any(importlib.util.find_spec(m) is None for m in sys.argv[1:]))", modules).start().waitFor() == 0;
        } catch (IOException | InterruptedException none) {
            return false;
        }
    }

    private static ProcessBuilder python(String code, String... arguments) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("graft.python", "python3"), "-c", code));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).inheritIO();
    }

    private static ClassifierDescription.Part part(String backbone, float mean) {
        return part(backbone, mean, Head.linear());
    }

    private static ClassifierDescription.Part part(String backbone, float mean, Head head) {
        return new ClassifierDescription.Part(backbone, SIZE, List.of(mean, 0.456f, 0.406f), List.of(0.229f, mean / 2, 0.225f), head);
    }

    private static ClassifierFiles classifier(Ensemble how, Precision precision, ClassifierDescription.Part... parts) {
        Map<String, StateDict> states = new LinkedHashMap<>();
        for (ClassifierDescription.Part part : parts) {
            Backbone backbone = part.create(CLASSES.size());
            states.put(part.backbone(), Reference.weights(backbone, 1, 1));
        }
        StateDict joined = new StateDict("joined");
        if (parts.length > 1 && how == Ensemble.LINEAR) {
            int in = CLASSES.size() * parts.length;
            joined.put("weight", StateTensor.of(Formula.uniform("weight", CLASSES.size() * in), CLASSES.size(), in)).put("bias", StateTensor.of(Formula.uniform("bias", CLASSES.size()), CLASSES.size()));
        }
        return new ClassifierFiles(new ClassifierDescription(CLASSES, EVALUATE, precision, List.of(parts), how), states, joined);
    }

    private void assertPythonSaysTheSame(Path file, String code, double tolerance) throws Exception {
        Path pixels = folder.resolve("pixels.bin");
        try (OutputStream out = Files.newOutputStream(pixels)) {
            for (Picture picture : PICTURES) {
                out.write(EVALUATE.view(picture, 0, 0).pixels(), 0, SIZE * SIZE * 3);
            }
        }
        Path output = folder.resolve("logits.bin");
        assertEquals(0, python(code, file.toString(), pixels.toString(), output.toString()).start().waitFor());
        float[] theirs = new float[PICTURES.size() * CLASSES.size()];
        ByteBuffer.wrap(Files.readAllBytes(output)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(theirs);
        double[] ours = new double[theirs.length];
        try (Classifier classifier = Classifier.load(file)) {
            float[][] logits = classifier.logits(PICTURES.stream().map(Picture::file).toList(), Progress.SILENT);
            for (int i = 0; i < ours.length; i++) {
                ours[i] = logits[i / CLASSES.size()][i % CLASSES.size()];
            }
        }
        double error = Reference.relativeError(ours, theirs);
        System.out.printf("%s in Python: %.1e of the largest logit%n", file.getFileName(), error);
        assertTrue(error < tolerance, file + " " + error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_v2", "resnet18", "deit_tiny_patch16_224", "deit_tiny_distilled_patch16_224"})
    void oneBackbone(String name) throws Exception {
        assertBothKindsOfFileWork(part(name, 0.485f));
    }

    /** Dropout drops nothing there, and batch norms use what they have learned. */
    @Test
    void headsOfSeveralLayers() throws Exception {
        assertBothKindsOfFileWork(part("mobilenet_v2", 0.485f, Head.mlp(7, 0.3)));
        assertBothKindsOfFileWork(part("resnet18", 0.485f, Head.batchNorm(7, 0.2, 1e-3)));
    }

    private void assertBothKindsOfFileWork(ClassifierDescription.Part part) throws Exception {
        assumeTrue(torch, "skipped: no python3 with torch (the property graft.python names one)");
        Path archive = folder.resolve(part.backbone() + ".pt");
        Path safetensors = folder.resolve(part.backbone() + ".safetensors");
        ClassifierFiles classifier = classifier(Ensemble.LINEAR, Precision.FLOAT32, part);
        classifier.write(archive);
        assertPythonSaysTheSame(archive, ARCHIVE, 1e-4);
        assumeTrue(models, "skipped: no python3 with torchvision, timm and safetensors (the property graft.python names one)");
        classifier.write(safetensors);
        assertPythonSaysTheSame(safetensors, SAFETENSORS, 1e-4);
    }

    /** Also where the backbones want other means and deviations. */
    @ParameterizedTest
    @EnumSource(Ensemble.class)
    void severalInOneArchive(Ensemble how) throws Exception {
        assumeTrue(torch, "skipped: no python3 with torch (the property graft.python names one)");
        Path archive = folder.resolve(how.name() + ".pt");
        classifier(how, Precision.FLOAT32, part("mobilenet_v2", 0.485f), part("resnet18", 0.5f), part("mobilenet_v3_small", 0.485f)).write(archive);
        assertPythonSaysTheSame(archive, ARCHIVE, 1e-4);
    }

    @Test
    void bfloat16() throws Exception {
        assumeTrue(torch, "skipped: no python3 with torch (the property graft.python names one)");
        Path archive = folder.resolve("bfloat16.pt");
        classifier(Ensemble.LINEAR, Precision.BFLOAT16, part("resnet18", 0.485f)).write(archive);
        assertPythonSaysTheSame(archive, ARCHIVE, 3e-2);
    }
}
