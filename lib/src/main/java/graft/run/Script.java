package graft.run;

import graft.InputException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What all scripts share: options are parsed, help is printed, and bad input ends in one sentence on standard error and status 2.
 * Anything else that goes wrong is a defect of ours, and shows its stack trace (status 1).
 */
public final class Script {
    private static final int BAD_INPUT = 2;
    private static final int INTERRUPTED = 130;
    private static final int PATIENCE_SECONDS = 20;

    private Script() { }

    /** Runs a script and ends the process with its status. */
    public static void main(Callable<Integer> script, Object options, String name, String description, String... arguments) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(caller, ended)));
        int status = run(script, options, name, description, arguments);
        ended.countDown();
        System.exit(status);
    }

    /** Ctrl-C: the script ends as at any interrupt. libtorch aborts if the process ends while threads are at work in it. */
    private static void stop(Thread script, CountDownLatch ended) {
        if (ended.getCount() > 0) {
            script.interrupt();
        }
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("graft: stopped in the middle of its work");
            }
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
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
