"""Makes the state dicts beside this file, with the real PyTorch and safetensors, and what is in them (expected.json).

    pip install torch safetensors numpy packaging && python make_fixtures.py
"""
import argparse
import collections
import json
import os
import pickle
import struct

import torch
import safetensors.torch

torch.manual_seed(0)

DTYPES = [torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.int32, torch.int16, torch.int8,
          torch.uint8, torch.bool]

every_type = {str(t).split(".")[1]: torch.tensor([[-2.5, 0, 1.75], [100, 3, -7]]).abs().to(t) if t in (torch.uint8, torch.bool)
              else torch.tensor([[-2.5, 0, 1.75], [100, 3, -7]]).to(t) for t in DTYPES}
every_type["special"] = torch.tensor([float("inf"), float("-inf"), 6e-8, -6.1e-5, 65504.0, -0.0], dtype=torch.float16)
every_type["huge"] = torch.tensor([2 ** 62, -2 ** 62])
every_type["scalar"] = torch.tensor(7)
every_type["empty"] = torch.zeros(0, 4)

base = torch.arange(24.0).reshape(2, 3, 4)
strided = {
    "whole": base,
    "transposed": base.permute(2, 0, 1),
    "slice": base[1, :, 1:3],
    "step": base.flatten()[1::5],
    "expanded": torch.tensor([[1.0], [2.0]]).expand(2, 3),
    "channels_last": torch.arange(2 * 3 * 2 * 2.0).reshape(2, 3, 2, 2).to(memory_format=torch.channels_last),
}

net = torch.nn.Sequential(collections.OrderedDict(
    conv=torch.nn.Conv2d(1, 2, 3, bias=False), bn=torch.nn.BatchNorm2d(2), fc=torch.nn.Linear(2, 3)))
optimizer = torch.optim.AdamW(net.parameters())
for p in net.parameters():
    p.grad = torch.ones_like(p)
optimizer.step()
schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 3])

expected = {}


def expect(file, entries):
    expected[file] = [{"name": k, "dtype": str(v.dtype).split(".")[1].upper(), "shape": list(v.shape),
                       "values": [x if abs(x) != float("inf") else str(x) for x in v.detach().flatten().double().tolist()]}
                      for k, v in entries.items()]


def save(file, thing, entries=None, **options):
    torch.save(thing, file, **options)
    expect(file, thing if entries is None else entries)


for form, options in {"zip": {}, "legacy": dict(_use_new_zipfile_serialization=False)}.items():
    save(f"{form}-every-type.pth", every_type, **options)
    save(f"{form}-strided.pth", strided, **options)
    save(f"{form}-module.pth", net.state_dict(), **options)
    save(f"{form}-parameters.pth", dict(net.named_parameters()), **options)
    save(f"{form}-protocol4.pth", net.state_dict(), pickle_protocol=4, **options)
    save(f"{form}-checkpoint.pth", {
        "model": net.state_dict(), "optimizer": optimizer.state_dict(), "lr_scheduler": schedule.state_dict(), "epoch": 3,
        "best": 0.5, "args": argparse.Namespace(lr=0.1, layers=[1, 2], name="a", none=None)}, net.state_dict(), **options)
    save(f"{form}-parallel.pth", {"epoch": 1, "state_dict": torch.nn.DataParallel(net).state_dict()}, net.state_dict(), **options)

safetensors.torch.save_file(every_type, "every-type.safetensors", {"format": "pt", "note": "ä"})
expect("every-type.safetensors", every_type)
safetensors.torch.save_file({}, "empty.safetensors")
expect("empty.safetensors", {})
scaled = {"b": torch.ones(2), "w": torch.tensor([[[1, -2]], [[127, -128]]], dtype=torch.int8), "w_scale": torch.tensor([.5, .25]),
          "plain": torch.tensor([3, -3], dtype=torch.int8), "other_scale": torch.tensor([1.0])}
safetensors.torch.save_file(scaled, "int8.safetensors")
expect("int8.safetensors", {"b": scaled["b"], "w": torch.tensor([[[.5, -1]], [[31.75, -32]]]), "plain": scaled["plain"],
                            "other_scale": scaled["other_scale"]})


# --- PyTorch 1.0 under Python 2.7: byte strings, an OrderedDict from a list of pairs, storages that are views of others.
def text(s):
    return b"U" + bytes([len(s)]) + s.encode()


def tensor(view, offset, size, stride):
    def tup(t):
        return b"(" + b"".join(b"K" + bytes([x]) for x in t) + b"t"
    storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text("4711") + text("cpu") + b"K\x06" + view + b"tQ"
    return (b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K" + bytes([offset]) + tup(size) + tup(stride)
            + b"\x89ccollections\nOrderedDict\n(](etRtR")


pairs = {"weight": tensor(b"N", 0, (2, 3), (3, 1)), "tail": tensor(b"(" + text("4712") + b"K\x02K\x04t", 1, (3,), (1,))}
thing = b"\x80\x02ccollections\nOrderedDict\n(](" + b"".join(b"](" + text(k) + v + b"e" for k, v in pairs.items()) + b"etR."
system = dict(protocol_version=1001, little_endian=True, type_sizes=dict(short=2, int=4, long=4))
magic = pickle.dumps(0x1950a86a20f9469cfc6c, 2) + pickle.dumps(1001, 2)
values = torch.arange(6.0)
with open("legacy-python2.pth", "wb") as f:
    f.write(magic + pickle.dumps(system, 2) + thing + b"\x80\x02](" + text("4711") + b"e." + struct.pack("<q6f", 6, *values))
expect("legacy-python2.pth", {"weight": values.reshape(2, 3), "tail": values[3:]})
again = torch.load("legacy-python2.pth", weights_only=False, encoding="latin1")
assert again["tail"].tolist() == [3, 4, 5] and again["weight"].tolist() == [[0, 1, 2], [3, 4, 5]]

# --- The beginning of a file over 2 GiB, without its numbers: a test puts zeros behind it and then another storage.
storage = lambda kind, key, n: (b"(" + text("storage") + b"ctorch\n" + kind + b"\n" + text(key) + text("cpu")
                                + pickle.dumps(n, 2)[2:-1] + b"NtQ")
rebuilt = lambda s, offset, n: (b"ctorch._utils\n_rebuild_tensor_v2\n(" + s + pickle.dumps(offset, 2)[2:-1] + pickle.dumps((n,), 2)[2:-1]
                                + b"K\x01\x85\x89ccollections\nOrderedDict\n)RtR")
with open("legacy-large.pth", "wb") as f:
    f.write(magic + pickle.dumps(system, 2) + b"\x80\x02}(" + text("half") + rebuilt(storage(b"ByteStorage", "1", 2_500_000_000), 1_500_000_000, 1_000_000_000)
            + text("last") + rebuilt(storage(b"FloatStorage", "2", 3), 0, 3) + b"u." + pickle.dumps(["1", "2"], 2) + struct.pack("<q", 2_500_000_000))

# --- TorchScript, as torch.jit.save writes it: code is compressed, extra files lie beside it.
scripted = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Sequential(torch.nn.BatchNorm1d(3)))
scripted[0].weight.data = (torch.arange(6.0) / 4).reshape(2, 3).t()
scripted[0].bias.data = torch.tensor([0.5, -1.5, 2.5])
torch.jit.save(torch.jit.script(scripted.eval()), "scripted.pt", _extra_files={"note.txt": "ein Gruß", "bytes.bin": b"\xff\xfe"})
expect("scripted.pt", scripted.state_dict())

json.dump(expected, open("expected.json", "w"), indent=0)


# --- Files that try to run code.
class Evil:
    def __reduce__(self):
        return os.system, ("touch evil-was-here",)


torch.save({"weight": torch.ones(2), "evil": Evil()}, "evil-zip.pth")
torch.save({"weight": torch.ones(2), "evil": Evil()}, "evil-legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"model": {"weight": torch.ones(2)}, "args": Evil()}, "evil-protocol4.pth", pickle_protocol=4)
with open("evil-plain.pth", "wb") as f:
    f.write(pickle.dumps(Evil(), 4))
torch.save(net, "whole-model.pth")
