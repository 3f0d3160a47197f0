///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//JAVA_OPTIONS -XX:+UseSerialGC
//DEPS graft:graft:0.1.0

import graft.run.Classifier;
import graft.run.Script;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** The model of a run as one file, with its class names and how pictures are prepared: for predict, and for Python. */
class Export implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "RUN|FILE", description = "the folder of a finished run, or a file that this wrote before")
    Path model;

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "NAME.pt (TorchScript, for torch.jit.load) or NAME.safetensors (for load_state_dict)")
    Path to;

    @Override
    public Integer call() {
        try (Classifier classifier = Classifier.load(model)) {
            classifier.save(to);
        }
        System.out.println(to);
        return 0;
    }

    public static void main(String... arguments) {
        Export export = new Export();
        Script.main(export, export, "export", "Writes the model of a run as one file.", arguments);
    }
}
