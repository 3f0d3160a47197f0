package graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.Progress;
import graft.data.FirstDownload;
import graft.torch.DType;
import graft.torch.StateDict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class PretrainedTest {
    @TempDir Path folder;
    private String before;

    @BeforeEach
    void ownCache() {
        before = System.setProperty("graft.cache", folder.toString());
    }

    @AfterEach
    void sharedCache() {
        if (before == null) {
            System.clearProperty("graft.cache");
        } else {
            System.setProperty("graft.cache", before);
        }
    }

    @Test
    void everyFileIsNamedAfterItsChecksum() {
        for (Pretrained one : Pretrained.all()) {
            assertTrue(one.sha256().isEmpty() ? one.address().getHost().equals("huggingface.co")
                : one.address().toString().contains("-" + one.sha256().substring(0, 8) + "."), one.toString());
            assertTrue(Backbones.names().contains(one.backbone()), one.toString());
            assertTrue(one.builtIn() || one.weights().equals("ms_in22k") || one.top1() > 0.6 && one.top1() < one.top5() && one.top5() < 1, one.toString());
            assertTrue(one.resize() >= one.crop());
        }
        assertEquals("https://download.pytorch.org/models/resnet50-0676ba61.pth", Pretrained.of("resnet50").address().toString());
        assertEquals(0.80858, Pretrained.of("resnet50", "IMAGENET1K_V2").top1());
        assertEquals(232, Pretrained.of("resnet50", "IMAGENET1K_V2").resize());
    }

    @Test
    void everyBackboneHasWeights() {
        Backbones.names().forEach(name -> assertEquals(name, Pretrained.of(name).backbone()));
        assertEquals("a1h_in1k", Pretrained.of("resnetv2_50").weights());
        assertEquals("bicubic", Pretrained.of("efficientnet_b3").interpolation());
        assertEquals(300, Pretrained.of("efficientnet_b3").crop());
        assertEquals("IMAGENET1K_V1", Pretrained.of("vit_l_16").weights());
        assertEquals(512, Pretrained.of("vit_l_16", "IMAGENET1K_SWAG_E2E_V1").crop());
        assertEquals("ms_in22k_ft_in1k", Pretrained.of("swin_large_patch4_window7_224").weights());
    }

    @Test
    void theFirstDownloadIsRecordedWhereNoChecksumIsPublished() throws Exception {
        Path file = Files.writeString(folder.resolve("a.safetensors"), "abc");
        assertEquals("", new FirstDownload(file).sha256());
        new FirstDownload(file).record();
        String sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertEquals(sha256, new FirstDownload(file).sha256());
        Files.writeString(file, "another");
        new FirstDownload(file).record();
        assertEquals(sha256, new FirstDownload(file).sha256());
    }

    @Test
    void whatIsNotKnownIsSaid() {
        assertEquals("resnet18 has no weights named IMAGENET1K_V2, but IMAGENET1K_V1",
                assertThrows(InputException.class, () -> Pretrained.of("resnet18", "IMAGENET1K_V2")).getMessage());
        assertTrue(assertThrows(InputException.class, () -> Pretrained.of("resnet5")).getMessage()
                .matches("no published weights are known for resnet5, but for .*mobilenet_v2, .*resnet18, resnet34, resnet50, .*"));
    }

    @Test
    void builtInWeightsAreUnpackedOnceAndADamagedCopyHeals() throws Exception {
        Path file = Pretrained.builtin("mobilenet_v2").file(Progress.SILENT);
        assertTrue(file.startsWith(folder));
        byte[] right = Files.readAllBytes(file);
        Object identity = Files.getAttribute(file, "fileKey");
        assertEquals(file, Pretrained.builtin("mobilenet_v2").file(Progress.SILENT));
        assertEquals(identity, Files.getAttribute(file, "fileKey"));
        byte[] damaged = right.clone();
        damaged[1_000_000] ^= 1;
        Files.write(file, damaged);
        Pretrained.builtin("mobilenet_v2").file(Progress.SILENT);
        assertArrayEquals(right, Files.readAllBytes(file));
        StateDict weights = StateDict.read(file);
        assertEquals(DType.FLOAT32, weights.get("features.0.0.weight").dtype());
        assertArrayEquals(new long[] {32, 3, 3, 3}, weights.get("features.0.0.weight").shape());
        assertFalse(weights.contains("classifier.1.weight"));
    }

    @Test
    void builtInWeightsComeWithTheirLicence() throws Exception {
        for (String text : List.of("LICENSE", "NOTICE", "CARD.md")) {
            try (var in = Pretrained.class.getResourceAsStream("mobilenet_v2_features_int8/" + text)) {
                assertTrue(in.readAllBytes().length > 100, text);
            }
        }
    }

    /** ((x / 255) / 255 − mean) / std is what a network sees that scales pictures itself, after a program has done it. */
    @Test
    void picturesScaledTwice() {
        Weights right = Weights.published(Pretrained.of("efficientnet_b0"));
        Weights wrong = right.dividedBy(255);
        for (int colour = 0; colour < 3; colour++) {
            float x = 200 / 255f;
            float mean = right.preprocessing().mean().get(colour);
            float std = right.preprocessing().std().get(colour);
            assertEquals((x / 255 - mean) / std, (x - wrong.preprocessing().mean().get(colour)) / wrong.preprocessing().std().get(colour), 1e-6);
        }
        assertEquals("IMAGENET1K_V1 7f5810bc, pictures divided by 255", wrong.name());
        assertEquals(wrong.preprocessing(), Weights.named("efficientnet_b0", wrong.name(), null).preprocessing());
        assertEquals("pictures divided by 0 are none; 1 or more, such as 255, would be right", assertThrows(InputException.class, () -> right.dividedBy(0)).getMessage());
    }

    @Test
    void weightFilesAreNamedByBackbone() throws Exception {
        Path file = Files.writeString(folder.resolve("a=b.pth"), "x");
        assertEquals(Map.of("resnet50", file), WeightFiles.parse(List.of("resnet50=" + file)));
        assertEquals(Map.of(), WeightFiles.parse(List.of()));
        assertEquals("--weights resnet50.pth should be NAME=FILE, such as resnet50=resnet50-0676ba61.pth", refusal("resnet50.pth"));
        refusal("=a.pth");
        refusal("resnet50=");
        assertEquals("--weights resnet50=no.pth names a file that does not exist", refusal("resnet50=no.pth"));
        assertEquals("--weights resnet50=" + folder + " names a folder; it should be a .safetensors or .pth file",
                refusal("resnet50=" + folder));
        assertEquals("--weights names two files for a; one is enough", refusal("a=" + file, "a=" + file));
        assertTrue(refusal("a=\0").contains("names a file that cannot be"));
    }

    private static String refusal(String... entries) {
        return assertThrows(InputException.class, () -> WeightFiles.parse(List.of(entries))).getMessage();
    }

    @Test
    void anySeedOfUntrainedWeightsIsFoundAgain() {
        for (long seed : new long[] {1234567890123456789L, Long.MIN_VALUE}) {
            assertEquals("untrained, seed " + seed, Weights.named("resnet18", "untrained, seed " + seed, null).name());
            assertTrue(Weights.untrained("resnet18", seed).untrained());
            assertEquals(64, Weights.named("resnet18", Weights.untrained("resnet18", seed, 64).name(), null).preprocessing().crop());
        }
        assertThrows(InputException.class, () -> Weights.named("resnet18", "untrained, seed 9999999999999999999", null));
    }
}
