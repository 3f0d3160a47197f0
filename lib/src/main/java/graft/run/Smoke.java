package graft.run;

import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.ImageFolder;
import graft.data.Split;
import graft.train.Recipe;
import graft.train.Trainable;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A recipe made small enough to run in seconds, on the same code path: two built-in pictures a class at 64 pixels, two epochs, two folds at most, and in place of
 * each backbone the smallest of its family, untrained (MobileNetV2 has its built-in weights). Head, transforms, mixing, loss, optimizer, schedule and the kind of split stay as they are,
 * and so does what trains: where more and more does, one stage more in the second epoch. Its figures mean nothing.
 */
final class Smoke {
    private static final int PIXELS = 64;
    private static final int PICTURES_A_CLASS = 2;
    /** What a name begins with → the smallest backbone of that family. A DeiT is a Vision Transformer that comes in a smaller size. */
    private static final Map<String, String> SMALLEST = Map.ofEntries(Map.entry("convnext_", "convnext_tiny"), Map.entry("deit_", "deit_tiny_patch16_224"),
        Map.entry("efficientnet_", "efficientnet_b0"), Map.entry("mobilenet_v2", "mobilenet_v2"), Map.entry("mobilenet_v3_", "mobilenet_v3_small"), Map.entry("resnet", "resnet18"),
        Map.entry("resnetv2_", "resnetv2_50"), Map.entry("swin_", "swin_tiny_patch4_window7_224"), Map.entry("vgg", "vgg11"), Map.entry("vit_", "deit_tiny_patch16_224"));

    private Smoke() { }

    static Recipe of(Recipe recipe) {
        int pixels = recipe.members().stream().mapToInt(member -> member.weights().preprocessing().crop()).max().orElse(PIXELS);
        Recipe small = recipe.data(ImageFolder.of("builtin:groceries12").first(PICTURES_A_CLASS))
            .split(split(recipe.split())).epochs(2).batch(8).trainable(trainable(recipe.trainable())).scaled((double) PIXELS / pixels)
            .withoutBackbones();
        Set<String> names = new LinkedHashSet<>();
        recipe.members().forEach(member -> names.add(smallest(member.backbone())));
        for (String name : names) {
            small = small.backbone(name, name.equals("mobilenet_v2") ? Weights.published(Pretrained.builtin(name)) : untrained(name, recipe));
        }
        if (recipe.teacher().isPresent()) {
            String teacher = smallest(recipe.teacher().get().backbone());
            small = small.teacher(teacher, untrained(teacher, recipe));
        }
        return small;
    }

    private static Weights untrained(String backbone, Recipe recipe) {
        return Weights.untrained(backbone, recipe.seed(), PIXELS);
    }

    static String smallest(String backbone) {
        if (backbone.startsWith("deit_") && backbone.contains("distilled")) {
            return "deit_tiny_distilled_patch16_224";
        }
        return SMALLEST.entrySet().stream().filter(family -> backbone.startsWith(family.getKey())).max(Map.Entry.comparingByKey()).orElseThrow().getValue();
    }

    private static Split split(Split split) {
        return switch (split.toJson().get("name").getAsString()) {
            case "folds" -> Split.folds(2);
            case "balanced" -> Split.balanced(1);
            default -> split;
        };
    }

    private static Trainable trainable(Trainable trainable) {
        if (trainable instanceof Trainable.Gradual) {
            return Trainable.gradual(1);
        }
        return trainable instanceof Trainable.All all && all.from() > 0 ? all.from(1) : trainable;
    }
}
