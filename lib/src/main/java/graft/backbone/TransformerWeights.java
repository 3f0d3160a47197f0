package graft.backbone;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Published weights of ViT, DeiT, ConvNeXt and Swin. torchvision's are from its 0.29's {@code WeightsEnum} classes. DeiT's are its
 * authors' files, whose names carry a hash; Swin's are those that timm 1.0 takes from its model hub, from the repositories
 * {@code timm/NAME.TAG}. Their revision {@code main} is a moving target: the first download records the SHA-256, and every later one
 * has to match. Preprocessing is timm 1.0.31's, the accuracies those of its {@code results-imagenet.csv} (30 October 2025).
 */
final class TransformerWeights {
    private static final String TORCHVISION = "https://download.pytorch.org/models/";
    private static final String DEIT = "https://dl.fbaipublicfiles.com/deit/";
    private static final String HUB = "https://huggingface.co/timm/";
    private static final List<Float> MEAN = List.of(0.485f, 0.456f, 0.406f);
    private static final List<Float> STD = List.of(0.229f, 0.224f, 0.225f);

    private final List<Pretrained> all = new ArrayList<>();

    private TransformerWeights() { }

    /** The first of a backbone is the one that is taken when none are named. */
    static List<Pretrained> all() {
        TransformerWeights weights = new TransformerWeights();
        weights.addTorchvision();
        weights.addDeit();
        weights.addSwin();
        return weights.all;
    }

    private void addTorchvision() {
        torchvision("vit_b_16", 256, "bilinear", "c867db91", 0.81072, 0.95318);
        swag("vit_b_16", "E2E", 384, "9ac1b537", 0.85304, 0.97650);
        swag("vit_b_16", "LINEAR", 224, "4e70ced5", 0.81886, 0.96180);
        torchvision("vit_b_32", 256, "bilinear", "d86f8d99", 0.75912, 0.92466);
        torchvision("vit_l_16", 242, "bilinear", "852ce7e3", 0.79662, 0.94638);
        swag("vit_l_16", "E2E", 512, "4f3808c9", 0.88064, 0.98512);
        swag("vit_l_16", "LINEAR", 224, "4d563306", 0.85146, 0.97422);
        torchvision("vit_l_32", 256, "bilinear", "c7638314", 0.76972, 0.93070);
        swag("vit_h_14", "LINEAR", 224, "c1eb923e", 0.85708, 0.97730);
        swag("vit_h_14", "E2E", 518, "80465313", 0.88552, 0.98694);
        torchvision("convnext_tiny", 236, "bilinear", "983f1562", 0.82520, 0.96146);
        torchvision("convnext_small", 230, "bilinear", "0c510722", 0.83616, 0.96650);
        torchvision("convnext_base", 232, "bilinear", "6075fbad", 0.84062, 0.96870);
        torchvision("convnext_large", 232, "bilinear", "ea097f82", 0.84414, 0.96976);
        torchvision("swin_t", 232, "bicubic", "704ceda3", 0.81474, 0.95776);
        torchvision("swin_s", 246, "bicubic", "5e29d889", 0.83196, 0.96360);
        torchvision("swin_b", 238, "bicubic", "68c6b09e", 0.83582, 0.96640);
    }

    private void addDeit() {
        deit("tiny_patch16_224", "a1311bcf", 248, 224, 0.72190, 0.91100);
        deit("small_patch16_224", "cd65a155", 248, 224, 0.79856, 0.95056);
        deit("base_patch16_224", "b5f2ef4d", 248, 224, 0.81980, 0.95740);
        deit("base_patch16_384", "8de9b5d1", 384, 384, 0.83108, 0.96376);
        deit("tiny_distilled_patch16_224", "b40b3cf7", 248, 224, 0.74538, 0.91898);
        deit("small_distilled_patch16_224", "649709d9", 248, 224, 0.81204, 0.95378);
        deit("base_distilled_patch16_224", "df68dfff", 248, 224, 0.83384, 0.96492);
        deit("base_distilled_patch16_384", "d0272ac0", 384, 384, 0.85438, 0.97332);
    }

    private void addSwin() {
        swin("tiny_patch4_window7_224", "ms_in1k", 0.81388, 0.95540);
        swin("tiny_patch4_window7_224", "ms_in22k_ft_in1k", 0.80966, 0.96020);
        swin("tiny_patch4_window7_224", "ms_in22k", Double.NaN, Double.NaN);
        swin("small_patch4_window7_224", "ms_in22k_ft_in1k", 0.83330, 0.96996);
        swin("small_patch4_window7_224", "ms_in1k", 0.83228, 0.96326);
        swin("small_patch4_window7_224", "ms_in22k", Double.NaN, Double.NaN);
        swin("base_patch4_window7_224", "ms_in22k_ft_in1k", 0.85276, 0.97566);
        swin("base_patch4_window7_224", "ms_in1k", 0.83604, 0.96450);
        swin("base_patch4_window7_224", "ms_in22k", Double.NaN, Double.NaN);
        swin("base_patch4_window12_384", "ms_in22k_ft_in1k", 0.86442, 0.98068);
        swin("base_patch4_window12_384", "ms_in1k", 0.84478, 0.96886);
        swin("base_patch4_window12_384", "ms_in22k", Double.NaN, Double.NaN);
        swin("large_patch4_window7_224", "ms_in22k_ft_in1k", 0.86320, 0.97890);
        swin("large_patch4_window7_224", "ms_in22k", Double.NaN, Double.NaN);
        swin("large_patch4_window12_384", "ms_in22k_ft_in1k", 0.87142, 0.98228);
        swin("large_patch4_window12_384", "ms_in22k", Double.NaN, Double.NaN);
    }

    private void torchvision(String backbone, int resize, String interpolation, String sha256, double top1, double top5) {
        URI address = URI.create(TORCHVISION + backbone + "-" + sha256 + ".pth");
        all.add(new Pretrained(backbone, "IMAGENET1K_V1", address, sha256, "BSD-3-Clause", resize, 224, interpolation, MEAN, STD, top1, top5));
    }

    /** Pretrained on pictures of social networks, Singh et al. 2022 (arXiv:2201.08371); all of it fine-tuned, or the head alone. */
    private void swag(String backbone, String tuned, int size, String sha256, double top1, double top5) {
        URI address = URI.create(TORCHVISION + backbone + (tuned.equals("E2E") ? "_swag-" : "_lc_swag-") + sha256 + ".pth");
        all.add(new Pretrained(backbone, "IMAGENET1K_SWAG_" + tuned + "_V1", address, sha256, "CC-BY-NC-4.0", size, size, "bicubic", MEAN, STD, top1, top5));
    }

    private void deit(String kind, String sha256, int resize, int crop, double top1, double top5) {
        URI address = URI.create(DEIT + "deit_" + kind + "-" + sha256 + ".pth");
        all.add(new Pretrained("deit_" + kind, "fb_in1k", address, sha256, "Apache-2.0", resize, crop, "bicubic", MEAN, STD, top1, top5));
    }

    /** {@code ms_in22k} has a head for 21,841 classes; {@code ms_in22k_ft_in1k} is fine-tuned from it. */
    private void swin(String kind, String tag, double top1, double top5) {
        URI address = URI.create(HUB + "swin_" + kind + "." + tag + "/resolve/main/model.safetensors");
        boolean large = kind.endsWith("384");
        all.add(new Pretrained("swin_" + kind, tag, address, "", "MIT", large ? 384 : 248, large ? 384 : 224, "bicubic", MEAN, STD, top1, top5));
    }
}
