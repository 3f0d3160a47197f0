package graft.backbone;

import graft.torch.Module;
import graft.torch.Value;

/** A level of the state dict's names, whose parts are called one by one. */
class Level extends Module {
    /** Adds a part. */
    final <M extends Module> M add(String name, M module) {
        return child(name, module);
    }

    @Override
    protected final Value forward(Value x) {
        throw new IllegalStateException("a level of names is not called as a whole");
    }
}
