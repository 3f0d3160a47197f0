package graft.notebook;

import graft.data.Audit;
import graft.plot.Plot;
import graft.run.VariantResults;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import tech.tablesaw.plotly.components.Figure;

/**
 * Teaches the JJava kernel to show plots, Tablesaw figures, audits and results of variants. The kernel finds it through {@code META-INF/services}
 * when Graft's jar joins the class path; nothing else in Graft needs a kernel.
 */
public final class GraftExtension implements Extension {
    @Override public void install(BaseKernel kernel) {
        register(kernel.getRenderer());
    }

    static void register(Renderer renderer) {
        renderer.createRegistration(Plot.class).preferring("text/html").supporting("image/png", "image/jpeg", "text/plain")
            .register((plot, context) -> context.getOutputContainer().assign(Shown.of(plot)));
        renderer.createRegistration(Figure.class).preferring("text/html").supporting("text/plain")
            .register((figure, context) -> context.getOutputContainer().assign(Shown.of(figure)));
        renderer.createRegistration(Audit.class).preferring("text/html").supporting("text/plain")
            .register((audit, context) -> context.getOutputContainer().assign(Shown.of(audit)));
        renderer.createRegistration(VariantResults.class).preferring("text/html").supporting("text/plain")
            .register((results, context) -> context.getOutputContainer().assign(Shown.of(results)));
    }
}
