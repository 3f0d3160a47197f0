///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//JAVA_OPTIONS -XX:+UseSerialGC
//DEPS graft:graft:0.1.0

import graft.plot.TerminalProgress;
import graft.run.AuditRun;
import graft.run.Script;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What may be wrong with a folder of pictures: unreadable and odd ones, class counts, copies within and between training and test, labels. */
class Audit {
    @Option(names = "--data", required = true, paramLabel = "DIR", description = "folder of pictures: train/<class>/…, optionally test/<class>/… or unlabelled test/…; or <class>/…; or builtin:groceries12")
    String data;

    @Option(names = "--backbone", paramLabel = "NAME", description = "looks for wrong labels too, with features of this backbone: any that environment/jbang models lists; mobilenet_v2 has built-in weights")
    String backbone;

    @Option(names = "--weights", paramLabel = "NAME=FILE", description = "the backbone's weights from a .safetensors or .pth file; without it they are built in, or downloaded once, checked and kept")
    List<String> weights = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "folder for the results, new or empty; without it runs/audit/<time>-<data>")
    Path out;

    int run(String... arguments) throws InterruptedException {
        AuditRun run = AuditRun.of(data, backbone, weights, out, new TerminalProgress(), arguments);
        System.out.println(run.audit());
        System.out.println();
        System.out.println("report       " + run.folder().resolve("report.html"));
        return 0;
    }

    public static void main(String... arguments) {
        Audit audit = new Audit();
        Script.main(() -> audit.run(arguments), audit, "audit", "Looks for what may be wrong with a folder of pictures, and changes nothing.", arguments);
    }
}
