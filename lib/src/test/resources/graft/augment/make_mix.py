"""Writes torchvision's MixUp and CutMix of a small batch, and CutMix's rectangles, as reference values: python make_mix.py mix.json

Made with torchvision 0.29.2 on PyTorch 2.15. The batch is float32, value i of it is (i * 37 % 101 - 50) / 32.
"""
import json
import sys
from unittest import mock

import torch
from torchvision.transforms import v2 as T

COUNT, HEIGHT, WIDTH, CLASSES = 3, 4, 5, 4
size = COUNT * 3 * HEIGHT * WIDTH
images = ((torch.arange(size) * 37 % 101 - 50) / 32).reshape(COUNT, 3, HEIGHT, WIDTH)
labels = torch.tensor([2, 0, 3])


def drawn(transform, height, width, share, x=None, y=None):
    """The transform's parameters where it draws this share, column and row."""
    points = iter([x, y])
    transform._dist = mock.Mock(sample=lambda shape: torch.tensor([share], dtype=torch.float64))
    with mock.patch("torch.randint", lambda n, size: torch.tensor([next(points)])):
        return transform.make_params([torch.zeros(1, 3, height, width)])


def applied(transform, params):
    params = {"labels": labels, "batch_size": COUNT, **params}
    return {"pixels": transform.transform(images, params).flatten().tolist(), "targets": transform.transform(labels, params).tolist()}


out = {"count": COUNT, "height": HEIGHT, "width": WIDTH, "classes": CLASSES, "labels": labels.tolist(), "mixup": [], "cutmix": [], "boxes": []}
for share in (0.0, 0.3, 0.8125, 1.0):
    mixup = T.MixUp(num_classes=CLASSES)
    out["mixup"].append({"lambda": share, **applied(mixup, drawn(mixup, HEIGHT, WIDTH, share))})
for share, x, y in ((0.3, 2, 1), (0.6, 4, 3), (0.0, 0, 0), (0.99, 1, 1)):
    cutmix = T.CutMix(num_classes=CLASSES)
    params = drawn(cutmix, HEIGHT, WIDTH, share, x, y)
    x1, y1, x2, y2 = params["box"]
    out["cutmix"].append({"box": [y1, x1, y2 - y1, x2 - x1], **applied(cutmix, params)})
generator = torch.Generator().manual_seed(1)
for _ in range(60):
    height, width = (int(torch.randint(1, 300, (1,), generator=generator)) for _ in range(2))
    share = float(torch.rand((), generator=generator, dtype=torch.float64))
    x, y = int(torch.randint(width, (1,), generator=generator)), int(torch.randint(height, (1,), generator=generator))
    x1, y1, x2, y2 = drawn(T.CutMix(num_classes=CLASSES), height, width, share, x, y)["box"]
    out["boxes"].append({"height": height, "width": width, "lambda": share, "x": x, "y": y, "box": [y1, x1, y2 - y1, x2 - x1]})
json.dump(out, open(sys.argv[1], "w"))
