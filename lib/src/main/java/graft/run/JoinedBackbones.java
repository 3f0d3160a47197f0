package graft.run;

import static graft.torch.Layers.linear;

import graft.backbone.Backbone;
import graft.torch.Module;
import graft.torch.StateTensor;
import graft.torch.Value;
import graft.train.Ensemble;

import java.util.ArrayList;
import java.util.List;

/**
 * Several backbones with their heads as one network, each under its name, and what joins their logits. Input
 * {@code [batch, 3, height, width]}, normalised as the first backbone wants it; output logits {@code [batch, classes]}.
 */
final class JoinedBackbones extends Module {
    private final List<Module> backbones = new ArrayList<>();
    private final List<ClassifierDescription.Part> parts;
    private final Ensemble how;
    private final Module joined;

    JoinedBackbones(List<ClassifierDescription.Part> parts, Ensemble how, int classes) {
        this.parts = parts;
        this.how = how;
        for (ClassifierDescription.Part part : parts) {
            Backbone backbone = part.create(classes);
            backbones.add(child(part.backbone(), backbone));
            constant("factor_" + part.backbone(), perColour(part, true));
            constant("shift_" + part.backbone(), perColour(part, false));
        }
        joined = how == Ensemble.LINEAR ? child("joined", linear((long) classes * parts.size(), classes).float32()) : null;
    }

    /** From the first backbone's normalisation to another's: {@code x·factor + shift}. */
    private StateTensor perColour(ClassifierDescription.Part part, boolean factor) {
        ClassifierDescription.Part first = parts.get(0);
        float[] values = new float[3];
        for (int c = 0; c < values.length; c++) {
            double std = part.std().get(c);
            values[c] = (float) (factor ? first.std().get(c) / std : ((double) first.mean().get(c) - part.mean().get(c)) / std);
        }
        return StateTensor.of(values, 1, 3, 1, 1);
    }

    @Override
    protected Value forward(Value x) {
        Value all = null;
        for (int i = 0; i < backbones.size(); i++) {
            ClassifierDescription.Part part = parts.get(i);
            boolean same = part.mean().equals(parts.get(0).mean()) && part.std().equals(parts.get(0).std());
            Value own = same ? x : x.mul(entry(x, "factor_" + part.backbone())).add(entry(x, "shift_" + part.backbone()));
            Value logits = backbones.get(i).of(own).float32();
            Value vote = how == Ensemble.PROBABILITIES ? logits.softmax() : logits;
            all = all == null ? vote : how == Ensemble.LINEAR ? all.beside(vote) : all.add(vote);
        }
        return switch (how) {
            case LINEAR -> joined.of(all);
            case LOGITS -> all.times(1.0 / parts.size());
            case PROBABILITIES -> all.times(1.0 / parts.size()).log();
        };
    }
}
