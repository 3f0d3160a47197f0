package graft.run;

import graft.InputException;
import graft.torch.OutOfMemory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import sun.misc.Signal;
import sun.misc.SignalHandler;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * What all scripts share: options are parsed, help is printed, and bad input ends in one sentence on standard error and status 2.
 * Anything else that goes wrong is a defect of ours, and shows its stack trace (status 1).
 */
public final class Script {
    private static final int BAD_INPUT = 2;
    private static final int INTERRUPTED = 130;
    private static final int SIGNALLED = 128;
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private Script() { }

    /**
     * Runs a script and ends the process with its status. Ctrl-C, SIGTERM and the end of the terminal end the script as any interrupt does: what it is at
     * work on is saved, and the status is 128 and the signal's number. A second one ends the process at once.
     */
    public static void main(Callable<Integer> script, Object options, String name, String description, String... arguments) {
        AtomicInteger stopped = new AtomicInteger();
        Thread caller = Thread.currentThread();
        for (String signal : SIGNALS) {
            onSignal(signal, number -> {
                stopped.compareAndSet(0, SIGNALLED + number);
                SIGNALS.forEach(Script::endAtOnce);
                caller.interrupt();
            });
        }
        int status = run(script, options, name, description, arguments);
        System.exit(stopped.get() == 0 ? status : stopped.get());
    }

    /** Not by a shutdown hook: libtorch aborts if the process ends while threads are at work in it, and all the rest of Java shuts down too. */
    private static void onSignal(String name, IntConsumer action) {
        try {
            Signal.handle(new Signal(name), signal -> action.accept(signal.getNumber()));
        } catch (IllegalArgumentException unknown) {
            // Windows knows no HUP, and java -Xrs leaves all signals to the system.
        }
    }

    private static void endAtOnce(String name) {
        try {
            Signal.handle(new Signal(name), SignalHandler.SIG_DFL);
        } catch (IllegalArgumentException unknown) {
            // As above.
        }
    }

    static int run(Callable<Integer> script, Object options, String name, String description, String... arguments) {
        CommandLine line = commandLine(options).setCommandName("environment/jbang " + name);
        line.getCommandSpec().usageMessage().description(description).width(110);
        try {
            line.parseArgs(arguments);
            if (line.isUsageHelpRequested()) {
                line.usage(System.out);
                return 0;
            }
            return script.call();
        } catch (ParameterException wrong) {
            return refuse(sentence(wrong) + "; environment/jbang " + name + " --help lists the options");
        } catch (InputException wrong) {
            return refuse(wrong.getMessage());
        } catch (InterruptedException | CancellationException stopped) {
            System.err.println("graft: stopped");
            return INTERRUPTED;
        } catch (OutOfMemoryError tooLarge) {
            return refuse("there is not enough memory (" + tooLarge.getMessage() + "); give Java more with JDK_JAVA_OPTIONS=-Xmx8g, or use fewer or smaller pictures");
        } catch (Exception defect) {
            if (OutOfMemory.caused(defect)) {
                return refuse("there is not enough memory for what libtorch computes; smaller pictures, a smaller backbone or more free memory would be right");
            }
            defect.printStackTrace();
            return 1;
        }
    }

    private static int refuse(String sentence) {
        System.err.println("graft: " + sentence);
        return BAD_INPUT;
    }

    /** picocli's own words on one line. */
    private static String sentence(ParameterException wrong) {
        String text = wrong.getMessage().replaceAll("\\s+", " ").strip();
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    /** Fills options from words, without running anything; of an option that is given twice the last counts. */
    static void parse(Object options, List<String> arguments) {
        try {
            commandLine(options).setOverwrittenOptionsAllowed(true).parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException wrong) {
            throw new InputException(sentence(wrong), wrong);
        }
    }

    private static CommandLine commandLine(Object options) {
        Help help = new Help();
        return new CommandLine(options).addMixin("help", help).setUnmatchedArgumentsAllowed(false).setExpandAtFiles(false); // a picture may be called @home.jpg
    }

    /** The option that every script has. */
    @Command
    static final class Help {
        @CommandLine.Option(names = {"-h", "--help"}, usageHelp = true, description = "print this and do nothing")
        private boolean wanted;
    }
}
