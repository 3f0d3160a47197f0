package graft.backbone;

import java.net.URI;
import java.util.List;

/**
 * The weights that timm publishes, one repository of its model hub each ({@code timm/NAME.TAG}). Preprocessing is that of timm 1.0.31's
 * evaluation ({@code test_input_size}, {@code test_crop_pct}), with which its {@code results-imagenet.csv} (30 October 2025) gives the
 * accuracy. The revision {@code main} is a moving target, and no SHA-256 is published: the first download records it, and every
 * later one has to match.
 */
final class TimmWeights {
    private static final String HUB = "https://huggingface.co/timm/";
    private static final String APACHE = "Apache-2.0";
    private static final List<Float> INCEPTION_MEAN = List.of(0.5f, 0.5f, 0.5f);
    private static final List<Float> INCEPTION_STD = List.of(0.5f, 0.5f, 0.5f);

    static final List<Pretrained> ALL = List.of(
            of("resnetv2_50", "a1h_in1k", 288, 288, INCEPTION_MEAN, INCEPTION_STD, 0.81406, 0.95712),
            of("resnetv2_101", "a1h_in1k", 288, 288, INCEPTION_MEAN, INCEPTION_STD, 0.83002, 0.96444));

    private TimmWeights() { }

    /** @param tag what timm writes behind the point of {@code resnetv2_50.a1h_in1k} */
    private static Pretrained of(String backbone, String tag, int resize, int crop, List<Float> mean, List<Float> std, double top1, double top5) {
        URI address = URI.create(HUB + backbone + "." + tag + "/resolve/main/model.safetensors");
        return new Pretrained(backbone, tag, address, "", APACHE, resize, crop, "bicubic", mean, std, top1, top5);
    }
}
