"""Writes odd/: small pictures of every kind, and beside each NAME.EXT what Pillow reads from it, as NAME.EXT.rgb.png.

    python make_odd.py odd          (pip install pillow numpy; written with Pillow 13.0)

The motif is a formula: colour waves, so that a wrong orientation, channel order or chroma shows.
"""
import io
import pathlib
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps

out = pathlib.Path(sys.argv[1])
out.mkdir(exist_ok=True)
y, x = np.mgrid[0:29, 0:37].astype(float)
motif = np.stack([127 + 120 * np.sin(x / 5 + y / 9), 127 + 120 * np.sin(x / 11 - y / 4), 40 + 5 * x], -1).clip(0, 255).astype(np.uint8)
rgb = Image.fromarray(motif)
grey = rgb.convert("L")
alpha = Image.fromarray((x * 6.5).clip(0, 255).astype(np.uint8))
rgba = rgb.copy(); rgba.putalpha(alpha)
la = grey.copy(); la.putalpha(alpha)


def expect(name):
    picture = ImageOps.exif_transpose(Image.open(out / name)).convert("RGB")
    picture.info.clear()
    picture.save(out / (name + ".rgb.png"))


def save(picture, name, **options):
    picture.save(out / name, **options)
    expect(name)


def write(name, data):
    (out / name).write_bytes(data)
    expect(name)


def encoded(picture, format, **options):
    buffer = io.BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()


# JPEG
for name, subsampling in {"444": 0, "422": 1, "420": 2}.items():
    save(rgb, f"ycbcr-{name}.jpg", quality=85, subsampling=subsampling)
save(rgb, "progressive.jpg", quality=85, progressive=True)
save(rgb, "optimized-restart.jpg", quality=60, optimize=True, restart_marker_blocks=2)
save(grey, "grey.jpg", quality=85)
save(rgb, "rgb.jpg", quality=85, keep_rgb=True)                          # Adobe marker, no transform
save(rgb.convert("CMYK"), "cmyk.jpg", quality=85)                        # Adobe marker, inverted
cmyk = (out / "cmyk.jpg").read_bytes()
adobe = cmyk.index(b"\xff\xeeAdobe" if b"\xff\xeeAdobe" in cmyk else b"\xff\xee")
write("cmyk-plain.jpg", cmyk[:adobe] + cmyk[adobe + 2 + struct.unpack(">H", cmyk[adobe + 2:adobe + 4])[0]:])  # no marker: not inverted
write("ycck.jpg", cmyk[:adobe + 15] + b"\x02" + cmyk[adobe + 16:])       # the same samples, declared as YCCK
profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())
profile[24:36] = bytes(12)                                               # its date
profile = bytes(profile)
save(rgb, "profile.jpg", quality=85, icc_profile=profile)                   # a profile must change nothing
plain = encoded(rgb, "JPEG", quality=85)
write("no-jfif.jpg", plain[:2] + plain[20:])                             # neither JFIF nor Adobe marker
for orientation in range(1, 9):
    exif = Image.Exif(); exif[0x0112] = orientation
    save(rgb, f"orientation-{orientation}.jpg", quality=85, exif=exif)
big_endian = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
save(rgb, "orientation-big-endian.jpg", quality=85, exif=big_endian)
(out / "truncated.jpg").write_bytes(plain[: len(plain) * 2 // 3])
(out / "no-end.jpg").write_bytes(plain[:-2])
write("trailing.jpg", plain + b"trailing bytes")

# PNG
save(rgb, "rgb.png")
save(grey, "grey.png")
save(rgba, "rgba.png")
save(la, "grey-alpha.png")
palette = rgb.quantize(60)
save(palette, "palette.png")
save(palette, "palette-transparent.png", transparency=bytes(range(0, 240, 4)))
save(rgb.quantize(3), "palette-2bit.png", bits=2)
save(rgb.quantize(14), "palette-4bit.png", bits=4)
save(grey.point(lambda v: 255 * (v > 127)).convert("1"), "grey-1bit.png")
save(rgb, "colour-key.png", transparency=tuple(int(v) for v in motif[3, 4]))
exif = Image.Exif(); exif[0x0112] = 6
save(rgb, "orientation.png", exif=exif)
save(rgb, "profile.png", icc_profile=profile)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows, interlace=0, more=b""):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def rows(samples):
    return b"".join(b"\0" + np.ascontiguousarray(line).tobytes() for line in samples)


def packed(samples, depth):
    """Rows of `depth` bits a sample."""
    lines = []
    for line in samples:
        bits = "".join(format(int(v), f"0{depth}b") for v in line)
        bits += "0" * (-len(bits) % 8)
        lines.append(b"\0" + bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)))
    return b"".join(lines)


wide = (motif.astype(np.uint16) * 256 + (x * 7).astype(np.uint16)[..., None] % 256).astype(">u2")
write("rgb-16bit.png", png(37, 29, 16, 2, rows(wide)))
wide_rgba = np.concatenate([wide, (np.asarray(alpha).astype(np.uint16) * 257)[..., None]], -1).astype(">u2")
write("rgba-16bit.png", png(37, 29, 16, 6, rows(wide_rgba)))
# Pillow 13 keeps 16-bit grey as "I;16" and clips it at 255 on the way to RGB; Graft takes the high byte, as for colour.
wide_grey = (np.asarray(grey).astype(np.uint16) * 256 + 77).astype(">u2")
(out / "grey-16bit.png").write_bytes(png(37, 29, 16, 0, rows(wide_grey)))
grey.convert("RGB").save(out / "grey-16bit.png.rgb.png")
(out / "grey-alpha-16bit.png").write_bytes(png(37, 29, 16, 4, rows(np.stack([wide_grey, wide_grey], -1).astype(">u2"))))
grey.convert("RGB").save(out / "grey-alpha-16bit.png.rgb.png")
for depth in (2, 4):
    write(f"grey-{depth}bit.png", png(37, 29, depth, 0, packed(np.asarray(grey) >> (8 - depth), depth)))
adam7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
write("interlaced.png", png(37, 29, 8, 2, b"".join(rows(motif[top::down, left::right]) for left, top, right, down in adam7), 1))
write("interlaced-palette.png", png(37, 29, 4, 3, b"".join(packed((np.asarray(grey) >> 4)[top::down, left::right], 4) for left, top, right, down in adam7), 1,
                                    chunk(b"PLTE", bytes(range(16, 64)))))
whole = (out / "rgb.png").read_bytes()
(out / "truncated.png").write_bytes(whole[: len(whole) * 2 // 3])
(out / "bomb.png").write_bytes(png(20000, 20000, 8, 2, b""))

# GIF
save(palette, "palette.gif")
save(grey, "grey.gif")
save(palette, "transparent.gif", transparency=7)
palette.save(out / "animated.gif", save_all=True, append_images=[palette.rotate(180)], duration=50); expect("animated.gif")
save(palette, "interlaced.gif", interlace=1)
gif = bytearray(encoded(palette, "GIF", interlace=0))
gif[6:10] = struct.pack("<HH", 50, 40)                                  # a screen larger than its only frame
at = gif.index(b"\x2c\0\0\0\0\x25\0\x1d\0"); gif[at + 1:at + 5] = struct.pack("<HH", 9, 5)
write("placed.gif", bytes(gif))
(out / "truncated.gif").write_bytes(bytes(gif[: len(gif) // 2]))

# BMP
save(rgb, "rgb.bmp")
save(grey, "grey.bmp")
save(palette, "palette.bmp")
save(rgba, "rgba.bmp")
save(grey.convert("1"), "1bit.bmp")
bottom_up = (out / "rgb.bmp").read_bytes()
lines = [bottom_up[54 + i * 112: 54 + (i + 1) * 112] for i in range(29)]
write("top-down.bmp", bottom_up[:22] + struct.pack("<i", -29) + bottom_up[26:54] + b"".join(reversed(lines)))
values = ((motif[::-1, :, 0] >> 3).astype(np.uint16) << 10) | ((motif[::-1, :, 1] >> 3).astype(np.uint16) << 5) | (motif[::-1, :, 2] >> 3)
data = b"".join(line.astype("<u2").tobytes() + b"\0\0" for line in values)
write("16bit.bmp", b"BM" + struct.pack("<IHHI", 54 + len(data), 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 37, 29, 1, 16, 0, len(data), 2835, 2835, 0, 0) + data)
(out / "truncated.bmp").write_bytes(bottom_up[: len(bottom_up) * 2 // 3])

# WebP
save(rgb, "lossy.webp", quality=80)
save(rgb, "lossless.webp", lossless=True)
save(rgba, "lossy-alpha.webp", quality=80)
save(rgba, "lossless-alpha.webp", lossless=True, exact=True)
save(rgb, "orientation.webp", lossless=True, exif=exif)
rgb.save(out / "animated.webp", save_all=True, append_images=[rgb.rotate(180)], lossless=True, duration=50); expect("animated.webp")
save(rgb.crop((0, 0, 36, 28)), "lossy-even.webp", quality=40, method=6)
save(rgb.crop((0, 0, 1, 2)), "lossy-tiny.webp", quality=90)
rgb.save(out / "animated-lossy.webp", save_all=True, append_images=[rgb.rotate(180)], quality=70, duration=50); expect("animated-lossy.webp")
frames = rgb.copy()
frames.paste((200, 30, 60), (10, 9, 20, 17))
rgb.save(out / "animated-exif.webp", save_all=True, append_images=[frames], lossless=True, duration=50, exif=exif); expect("animated-exif.webp")
webp = (out / "lossy.webp").read_bytes()
(out / "truncated.webp").write_bytes(webp[: len(webp) * 2 // 3])

# No pictures at all
(out / "text.jpg").write_text("This is not a picture.\n")
(out / "empty.jpg").write_bytes(b"")
