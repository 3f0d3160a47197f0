package graft.backbone;

import graft.torch.Module;
import graft.torch.Value;

/** Dropout, then the linear head, which is entry 1: torchvision's {@code classifier} of MobileNetV2 and EfficientNet. Input {@code [batch, width]}, output {@code [batch, classes]}. */
final class DropoutHead extends Module {
    private final Module linear;
    private final double dropout;

    DropoutHead(long width, long classes, double dropout) {
        linear = child("1", Backbone.linearHead(width, classes));
        this.dropout = dropout;
    }

    @Override
    protected Value forward(Value x) {
        return linear.of(x.dropout(dropout));
    }
}
