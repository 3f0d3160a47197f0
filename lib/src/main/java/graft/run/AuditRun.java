package graft.run;

import graft.InputException;
import graft.Progress;
import graft.backbone.Backbones;
import graft.backbone.Pretrained;
import graft.backbone.WeightFiles;
import graft.backbone.Weights;
import graft.data.Audit;
import graft.data.ImageFolder;
import graft.train.LabelCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An audit of a folder of pictures with its results on disk.
 *
 * @param audit what was found
 * @param folder holds {@code audit.json}, {@code audit.csv} and {@code report.html}
 */
public record AuditRun(Audit audit, Path folder) {
    /**
     * Audits a folder.
     *
     * @param data a folder, {@code builtin:groceries12}, or a published data set's name
     * @param backbone whose features judge the labels, or {@code null} to leave labels alone
     * @param weights texts {@code NAME=FILE}; without one for the backbone its built-in weights are taken, or else published ones
     * @param out new or empty, or {@code null} for {@code runs/audit/<time>-<data>}
     * @param arguments as given on the command line, for the report
     * @throws InputException for what cannot be used; nothing is written then
     */
    public static AuditRun of(String data, String backbone, List<String> weights, Path out, Progress progress, String... arguments) throws InterruptedException {
        Weights chosen = weights(backbone, weights);
        ImageFolder pictures = ImageFolder.asFound(data, progress);
        AuditFolder folder = new AuditFolder(out, pictures.name());
        Audit audit = Audit.of(pictures, progress);
        if (chosen != null) {
            audit = audit.with(LabelCheck.of(audit, backbone, chosen, progress));
        }
        folder.write(audit, Stream.concat(Stream.of("environment/jbang", "audit"), Stream.of(arguments)).map(Experiment::quoted).collect(Collectors.joining(" ")));
        return new AuditRun(audit, folder.path());
    }

    private static Weights weights(String backbone, List<String> files) {
        for (String name : WeightFiles.parse(files).keySet()) {
            if (!name.equals(backbone)) {
                throw new InputException("--weights names " + name + ", and " + (backbone == null ? "there is no --backbone" : "--backbone is " + backbone)
                    + "; the same name would be right");
            }
        }
        if (backbone == null) {
            return null;
        }
        Backbones.create(backbone, 1);   // refuses a name that is not known
        Pretrained published = Pretrained.all().stream().filter(one -> one.backbone().equals(backbone) && one.builtIn()).findFirst().orElseGet(() -> Pretrained.of(backbone));
        return Options.weights(published, files);
    }
}
