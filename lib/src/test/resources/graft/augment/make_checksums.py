"""Writes the CRC-32 of what Pillow and torchvision make of each picture of a folder.

    python make_checksums.py ../../../../main/resources/graft/data/groceries12/groceries12.zip > groceries12.crc

Columns: picture; RGB pixels; Resize(256), CenterCrop(224); Resize(232, bicubic), CenterCrop(224). (Pillow 13.0, torchvision 0.29.2, PIL back end.)
"""
import io
import sys
import zipfile
import zlib

import numpy as np
from PIL import Image
from torchvision.transforms import v2 as T

pipelines = [lambda image: image, T.Compose([T.Resize(256), T.CenterCrop(224)]),
             T.Compose([T.Resize(232, interpolation=T.InterpolationMode.BICUBIC), T.CenterCrop(224)])]
with zipfile.ZipFile(sys.argv[1]) as archive:
    for name in archive.namelist():
        if name.endswith(".jpg"):
            image = Image.open(io.BytesIO(archive.read(name))).convert("RGB")
            print(name, *("%08x" % zlib.crc32(np.asarray(pipeline(image)).tobytes()) for pipeline in pipelines))
