///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS graft:graft:0.1.0

import graft.InputException;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.MultiplyAdds;
import graft.backbone.Pretrained;
import graft.run.Script;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** All backbones and their published weights, a line each; or one backbone in full. */
class Models implements Callable<Integer> {
    private static final long CLASSES = 1000;
    private static final String NONE = "–";
    /** Parts that hold the stages, in torchvision's and timm's names. */
    private static final Set<String> CONTAINERS = Set.of("features", "stages", "layers", "blocks", "encoder");

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "a backbone, to print in full")
    String name;

    @Override
    public Integer call() {
        if (name == null) {
            list();
        } else {
            if (!Backbones.names().contains(name)) {
                throw new InputException(name + " is not known; environment/jbang models lists the backbones");
            }
            show(Backbones.create(name, CLASSES));
        }
        return 0;
    }

    private static void list() {
        Map<String, List<Pretrained>> published = new TreeMap<>();
        Backbones.names().forEach(name -> published.put(name, weights(name)));
        String row = "%-32s %11s %6s %9s  %-26s %-13s %7s%n";
        System.out.println("parameters in millions, with a head for 1000 classes; input in pixels; GFLOPs: billions of multiply-adds a picture, counted as");
        System.out.println("torchvision does; top-1: published accuracy on ImageNet-1K's validation pictures; " + NONE + ": not published");
        System.out.println();
        print(row, "backbone", "parameters", "input", "GFLOPs", "weights", "licence", "top-1");
        published.forEach((name, all) -> {
            String parameters = millions(Backbones.create(name, CLASSES).parameterCount());
            if (all.isEmpty()) {
                print(row, name, parameters, NONE, NONE, NONE, NONE, NONE);
            }
            all.forEach(one -> print(row, name, parameters, one.crop(), gigas(one), one.weights(), one.licence(), percent(one.top1())));
        });
    }

    private static void show(Backbone backbone) {
        String name = backbone.backboneName();
        print("%s%n", name);
        print("  parameters   %,d: %,d in the body, %,d in the head for %d classes (%s)%n", backbone.parameterCount(), backbone.bodyParameterCount(),
            backbone.parameterCount() - backbone.bodyParameterCount(), CLASSES, backbone.headPath());
        print("  features     %d%n", backbone.width());
        print("  stages       parameters%n");
        stages(backbone).forEach((stage, count) -> print("    %-36s %,12d%n", stage, count));
        for (Pretrained one : weights(name)) {
            print("  weights      %s%n", one.weights());
            print("    address        %s%n", one.builtIn() ? "inside the library: " + one.address().getSchemeSpecificPart() : one.address());
            print("    SHA-256        %s%n", one.sha256().isEmpty() ? "not published; the first download records it, later ones must match" : one.sha256().length() == 64 ? one.sha256() : one.sha256() + "…");
            print("    licence        %s%n", one.licence());
            print("    preprocessing  resize %d %s, centre crop %d, mean %s, std %s%n", one.resize(), one.interpolation(), one.crop(), one.mean(), one.std());
            print("    GFLOPs         %s%n", gigas(one));
            print("    accuracy       top-1 %s, top-5 %s%n", percent(one.top1()), percent(one.top5()));
        }
    }

    private static List<Pretrained> weights(String name) {
        return Pretrained.all().stream().filter(one -> one.backbone().equals(name)).toList();
    }

    /** The parts from the input to the output, with their parameters. */
    private static Map<String, Long> stages(Backbone backbone) {
        Map<String, Long> stages = new LinkedHashMap<>();
        backbone.state().forEach((entry, shape) -> {
            if (shape.trains()) {
                stages.merge(stage(entry), shape.count(), Long::sum);
            }
        });
        return stages;
    }

    private static String stage(String entry) {
        String[] names = entry.split("\\.");
        int depth = 0;
        while (depth < names.length - 1 && CONTAINERS.contains(names[depth])) {
            depth++;
        }
        return String.join(".", List.of(names).subList(0, depth + 1));
    }

    private static String millions(long parameters) {
        return String.format(Locale.ROOT, "%.1f", parameters / 1e6);
    }

    private static String gigas(Pretrained one) {
        OptionalDouble billions = MultiplyAdds.of(one.backbone(), one.crop());
        return billions.isPresent() ? String.format(Locale.ROOT, "%.3f", billions.getAsDouble()) : NONE;
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? NONE : String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }

    public static void main(String... arguments) {
        Models models = new Models();
        Script.main(models, models, "models", "Lists the backbones and their published weights, or prints one in full.", arguments);
    }
}
