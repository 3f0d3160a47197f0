"""Writes more results of torchvision (PIL back end) as CRC-32 of their RGB pixels, and of Keras's layers as levels.

    PYTHONPATH=…/oracle:KERAS KERAS_BACKEND=numpy python make_cases.py …/oracle/transforms > cases.json

Needs torchvision 0.29.2, Pillow 13.0.0 and Keras 3.15. Inputs: a picture of the reference values, the formula image of a size, or all colours.
"""
import json
import pathlib
import sys
import zlib

import numpy as np
from PIL import Image
from torchvision.transforms import autoaugment, functional as F
from torchvision.transforms import InterpolationMode as M

import formula

folder = pathlib.Path(sys.argv[1])
modes = {"nearest": M.NEAREST, "bilinear": M.BILINEAR, "bicubic": M.BICUBIC}
cases = []


def load(name):
    if name.endswith(".png"):
        return Image.open(folder / name).convert("RGB")
    if name == "colours":
        n = np.arange(1 << 24, dtype=np.uint32).reshape(4096, 4096)
        return Image.fromarray(np.stack([n >> 16, n >> 8 & 255, n & 255], -1).astype(np.uint8))
    return Image.fromarray(formula.image(*map(int, name.split("x"))))


def case(op, source, **args):
    call = {k: modes[v] if k == "interpolation" else v for k, v in args.items()}
    image = load(source)
    if op == "apply":
        result = autoaugment._apply_op(image, call["operation"], call["magnitude"], call["interpolation"], call.get("fill"))
    else:
        result = getattr(F, op)(image, **call)
    pixels = np.asarray(result.convert("RGB"))
    cases.append({"op": op, "arguments": args, "input": source, "size": list(pixels.shape[:2]), "crc": "%08x" % zlib.crc32(pixels.tobytes())})


SMALL = ["1x1", "1x5", "2x2", "3x2", "5x7", "31x17"]
for source in SMALL + ["picture.png", "photo.png"]:
    for i in modes:
        case("rotate", source, angle=-33.0, interpolation=i, fill=[9, 80, 200])
        case("rotate", source, angle=171.0, interpolation=i, expand=True)
        case("rotate", source, angle=90.0, interpolation=i)
        case("rotate", source, angle=12.5, interpolation=i, center=[1.0, 2.5])
        case("affine", source, angle=21.0, translate=[3, -2], scale=0.7, shear=[12.0, -9.0], interpolation=i, fill=[1, 2, 3], center=[2.0, 0.0])
        case("affine", source, angle=0.0, translate=[-2, 1], scale=1.3, shear=[0.0, 0.0], interpolation=i)
    case("adjust_sharpness", source, sharpness_factor=1.7)
    case("adjust_sharpness", source, sharpness_factor=0.3)
    case("adjust_contrast", source, contrast_factor=1.63)
    case("adjust_saturation", source, saturation_factor=0.37)
    case("autocontrast", source)
    case("equalize", source)
for source in ["2x2", "31x17", "photo.png"]:
    case("resize", source, size=[19, 44], interpolation="nearest")
    case("resize", source, size=[60, 50], interpolation="bilinear")
    case("resize", source, size=[60, 50], interpolation="bicubic")
for angle in (180.0, 270.0, -90.0, 360.0):
    for expand in (False, True):
        case("rotate", "31x17", angle=angle, interpolation="nearest", expand=expand)
for mode in ("edge", "reflect", "symmetric"):
    case("pad", "5x7", padding=[3, 2, 4, 1], padding_mode=mode)
case("pad", "5x7", padding=[3, 2, 4, 1], fill=[1, 2, 3])
for share in (0.1, -0.37):
    case("adjust_hue", "colours", hue_factor=share)
for factor in (0.83, 1.41):
    case("adjust_saturation", "colours", saturation_factor=factor)
case("rgb_to_grayscale", "colours", num_output_channels=3)
names = ["ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate", "Brightness", "Color", "Contrast", "Sharpness", "Posterize", "Solarize", "AutoContrast",
         "Equalize", "Invert", "Identity"]
for name in names:
    for i in ("nearest", "bilinear"):
        for magnitude in (5.0, 77.3) if name.startswith("T") or name == "Rotate" else (3.0, 6.0) if name == "Posterize" else (178.5, 59.5) if name == "Solarize" else (0.21, -0.63):
            case("apply", "photo.png", operation=name, magnitude=magnitude, interpolation=i, fill=[7, 77, 177])

from keras.src import layers  # noqa: E402

image = formula.image(21, 30).astype(np.float32)
keras = []


def layer(name, made, **transformation):
    result = np.asarray(made.transform_images(image[None], {k: np.float32(v) for k, v in transformation.items()}, training=True))[0]
    keras.append({"layer": name, "arguments": {k: float(np.ravel(v)[0]) for k, v in transformation.items() if k != "input_shape"},
                  "fill_mode": getattr(made, "fill_mode", None), "levels": [round(float(v), 2) for v in result.ravel()]})


for mode in ("reflect", "nearest"):
    for down, across in ((1.2, 1.2), (0.8, 0.8), (1.37, 0.66)):
        layer("RandomZoom", layers.RandomZoom(0.5, fill_mode=mode), height_zoom=[[down]], width_zoom=[[across]], input_shape=[1, 21, 30, 3])
for factor in (0.6, 1.45):
    layer("RandomContrast", layers.RandomContrast(0.5), contrast_factor=[[[[factor]]]])
print(json.dumps({"torchvision": "0.29.2", "pillow": "13.0.0", "input": "21x30", "keras": keras, "cases": cases}, separators=(",", ":")).replace('{"op"', '\n{"op"').replace('{"layer"', '\n{"layer"'))
