package graft.backbone;

import graft.torch.Module;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Layers one after the other, each named by its place; those without numbers take a place too. */
final class HeadLayers extends Module {
    private final List<UnaryOperator<Value>> layers = new ArrayList<>();

    HeadLayers add(Module layer) {
        child(Integer.toString(layers.size()), layer);
        layers.add(layer::of);
        return this;
    }

    HeadLayers relu() {
        layers.add(Value::relu);
        return this;
    }

    HeadLayers dropout(double share) {
        layers.add(x -> x.dropout(share));
        return this;
    }

    @Override
    protected Value forward(Value x) {
        Value y = x;
        for (UnaryOperator<Value> layer : layers) {
            y = layer.apply(y);
        }
        return y;
    }
}
