package graft.backbone;

import java.net.URI;
import java.util.List;

/** The weights that torchvision publishes: addresses, preprocessing and accuracies of version 0.29's {@code WeightsEnum} classes. */
final class TorchvisionWeights {
    private static final String FOLDER = "https://download.pytorch.org/models/";
    /** That of torchvision, which publishes them; the pictures that they were trained on have terms of their own. */
    private static final String BSD = "BSD-3-Clause";
    static final List<Float> IMAGENET_MEAN = List.of(0.485f, 0.456f, 0.406f);
    static final List<Float> IMAGENET_STD = List.of(0.229f, 0.224f, 0.225f);

    static final List<Pretrained> ALL = List.of(
            efficientNet("efficientnet_b0", "7f5810bc", 256, 224, 0.77692, 0.93532),
            efficientNet("efficientnet_b1", "bac287d4", 256, 240, 0.78642, 0.94186),
            of("efficientnet_b1", "IMAGENET1K_V2", "efficientnet_b1", "c27df63c", 255, 240, "bilinear", 0.79838, 0.94934),
            efficientNet("efficientnet_b2", "c35c1473", 288, 288, 0.80608, 0.95310),
            efficientNet("efficientnet_b3", "b3899882", 320, 300, 0.82008, 0.96054),
            efficientNet("efficientnet_b4", "23ab8bcd", 384, 380, 0.83384, 0.96594),
            of("mobilenet_v2", "IMAGENET1K_V1", "b0353104", 256, 0.71878, 0.90286),
            of("mobilenet_v2", "IMAGENET1K_V2", "7ebf99e0", 232, 0.72154, 0.90822),
            of("mobilenet_v3_large", "IMAGENET1K_V1", "8738ca79", 256, 0.74042, 0.91340),
            of("mobilenet_v3_large", "IMAGENET1K_V2", "5c1a4163", 232, 0.75274, 0.92566),
            of("mobilenet_v3_small", "IMAGENET1K_V1", "047dcff4", 256, 0.67668, 0.87402),
            of("resnet18", "IMAGENET1K_V1", "f37072fd", 256, 0.69758, 0.89078),
            of("resnet34", "IMAGENET1K_V1", "b627a593", 256, 0.73314, 0.91420),
            of("resnet50", "IMAGENET1K_V1", "0676ba61", 256, 0.76130, 0.92862),
            of("resnet50", "IMAGENET1K_V2", "11ad3fa6", 232, 0.80858, 0.95434),
            of("resnet101", "IMAGENET1K_V1", "63fe2227", 256, 0.77374, 0.93546),
            of("resnet101", "IMAGENET1K_V2", "cd907fc2", 232, 0.81886, 0.95780),
            of("vgg11", "IMAGENET1K_V1", "8a719046", 256, 0.69020, 0.88628),
            of("vgg11_bn", "IMAGENET1K_V1", "6002323d", 256, 0.70370, 0.89810),
            of("vgg13", "IMAGENET1K_V1", "19584684", 256, 0.69928, 0.89246),
            of("vgg13_bn", "IMAGENET1K_V1", "abd245e5", 256, 0.71586, 0.90374),
            of("vgg16", "IMAGENET1K_V1", "397923af", 256, 0.71592, 0.90382),
            of("vgg16_bn", "IMAGENET1K_V1", "6c64b313", 256, 0.73360, 0.91516),
            of("vgg19", "IMAGENET1K_V1", "dcbb9e9d", 256, 0.72376, 0.90876),
            of("vgg19_bn", "IMAGENET1K_V1", "c79401a0", 256, 0.74218, 0.91842));

    private TorchvisionWeights() { }

    private static Pretrained of(String backbone, String weights, String sha256, int resize, double top1, double top5) {
        return of(backbone, weights, backbone, sha256, resize, 224, "bilinear", top1, top5);
    }

    /** torchvision took these over from timm's author. */
    private static Pretrained efficientNet(String backbone, String sha256, int resize, int crop, double top1, double top5) {
        return of(backbone, "IMAGENET1K_V1", backbone + "_rwightman", sha256, resize, crop, "bicubic", top1, top5);
    }

    private static Pretrained of(String backbone, String weights, String file, String sha256, int resize, int crop, String interpolation, double top1, double top5) {
        return new Pretrained(backbone, weights, URI.create(FOLDER + file + "-" + sha256 + ".pth"), sha256, BSD, resize, crop, interpolation,
            IMAGENET_MEAN, IMAGENET_STD, top1, top5);
    }
}
