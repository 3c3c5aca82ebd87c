"""A digit from anywhere comes out as MNIST would show it, and what is no digit is refused."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from micronn_core.common.errors import DataError
from micronn_core.data.mnist import load_mnist_test
from micronn_core.drawing.images import picture_in, read_image
from micronn_core.drawing.photographs.normalising import normalise
from micronn_core.drawing.preparation import Field
from tests.paths import CHECKOUT

Pixels = NDArray[np.uint8]
Colour = float | tuple[int, ...]


@pytest.fixture(scope="module")
def digits() -> Pixels:
    return load_mnist_test().values[:40].reshape(-1, 28, 28)


def seven(
    ground: Colour = 255, ink: Colour = 0, size: tuple[int, int] = (300, 200), mode: str = "L"
) -> Image.Image:
    image = Image.new(mode, size, ground)
    ImageDraw.Draw(image).line([(60, 40), (120, 40), (80, 150)], fill=ink, width=14)
    return image


def save(image: Image.Image, path: Path, **options: object) -> Path:
    image.save(path, **options)
    return path


def distance(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(float) - other).mean())


@pytest.fixture
def expected(tmp_path: Path) -> Pixels:
    return read_image(save(seven(), tmp_path / "expected.png"))


def test_that_a_picture_in_mnists_own_form_is_taken_as_it_is(tmp_path: Path, digits: Pixels) -> None:
    for digit in digits:
        np.testing.assert_array_equal(read_image(save(Image.fromarray(digit), tmp_path / "d.png")), digit)
    in_colour = Image.fromarray(digits[0]).convert("RGB")
    np.testing.assert_array_equal(read_image(save(in_colour, tmp_path / "c.png")), digits[0])
    deep = Image.fromarray(digits[0].astype(np.uint16) * 257)
    np.testing.assert_array_equal(read_image(save(deep, tmp_path / "deep.png")), digits[0])


def on_a_sheet(digit: Pixels) -> NDArray[np.float64]:
    sheet = np.zeros((90, 70))
    sheet[50:78, 3:31] = digit
    return sheet


def ten_times_as_large(digit: Pixels) -> NDArray[np.float64]:
    return np.asarray(Image.fromarray(digit).resize((280, 280), Image.Resampling.BICUBIC), np.float64)


@pytest.mark.parametrize(("change", "most"), [(on_a_sheet, 2), (ten_times_as_large, 8)])
def test_that_mnists_own_digits_come_back(
    digits: Pixels, change: Callable[[Pixels], NDArray[np.float64]], most: float
) -> None:
    assert np.mean([distance(normalise(change(digit)), digit) for digit in digits]) < most


@pytest.mark.parametrize("suffix", ["png", "bmp", "gif", "tiff", "webp", "jpg"])
def test_that_the_format_does_not_matter(tmp_path: Path, expected: Pixels, suffix: str) -> None:
    assert distance(read_image(save(seven(), tmp_path / f"seven.{suffix}")), expected) < 2


LOOKS = {
    "light on dark": seven(0, 255),
    "grey on grey": seven(200, 90),
    "blue on yellow": seven((250, 240, 160), (20, 30, 140), mode="RGB"),
    "dark on nothing": seven((0, 0, 0, 0), (0, 0, 0, 255), mode="RGBA"),
    "light on nothing": seven((255, 255, 255, 0), (255, 255, 255, 255), mode="RGBA"),
    "grey with opacity": seven((255, 255), (0, 255), mode="LA"),
    "one bit": seven(1, 0, mode="1"),
    "a palette": seven().convert("P"),
    "cyan, magenta, yellow and black": seven().convert("CMYK"),
    "sixteen bits": Image.fromarray(np.asarray(seven()).astype(np.uint16) * 257),
    "thirty-two bits": Image.fromarray(np.asarray(seven()).astype(np.int32)),
    "floating point": Image.fromarray(np.asarray(seven()).astype(np.float32) / 255),
    "a larger sheet": seven(size=(900, 800)),
}


@pytest.mark.parametrize("image", LOOKS.values(), ids=LOOKS)
def test_that_colours_depth_and_ground_do_not_matter(
    tmp_path: Path, expected: Pixels, image: Image.Image
) -> None:
    assert distance(read_image(save(image, tmp_path / "seven.tiff")), expected) < 2


def test_that_a_photo_is_read_the_way_up_it_was_taken(tmp_path: Path, expected: Pixels) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown turned by 90 degrees clockwise
    turned = seven().transpose(Image.Transpose.ROTATE_90)
    assert distance(read_image(save(turned, tmp_path / "photo.jpg", exif=exif)), expected) < 2


def test_that_grain_and_shadow_of_paper_are_not_ink(tmp_path: Path, expected: Pixels) -> None:
    paper = np.asarray(seven(235, 30), np.float64) + np.random.default_rng(0).normal(0, 4, (200, 300))
    paper -= np.linspace(0, 12, 300)
    photo = Image.fromarray(paper.clip(0, 255).astype(np.uint8))
    assert distance(read_image(save(photo, tmp_path / "photo.png")), expected) < 4


def test_that_the_result_is_fitted_and_centred_as_in_mnist(expected: Pixels) -> None:
    rows, columns = np.flatnonzero(expected.any(axis=1)), np.flatnonzero(expected.any(axis=0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert expected.max() == 255
    for axis in (0, 1):
        mass = expected.sum(axis=axis, dtype=float)
        assert abs(mass @ np.arange(28) / mass.sum() - 14) <= 0.5


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1), (3, 3)])
def test_that_any_shape_of_ink_stays_inside(shape: tuple[int, int]) -> None:
    ink = np.zeros((shape[0] + 9, shape[1] + 7))
    ink[4 : 4 + shape[0], 5 : 5 + shape[1]] = 1
    field = normalise(ink)
    assert field.shape == (28, 28)
    assert field.max() == 255


def blank(path: Path) -> None:
    Image.new("L", (40, 30), 240).save(path)


def blank_as_mnist(path: Path) -> None:
    Image.new("L", (28, 28)).save(path)


def see_through(path: Path) -> None:
    Image.new("RGBA", (40, 30)).save(path)


def truncated(path: Path) -> None:
    Image.effect_noise((200, 200), 90).save(path)
    path.write_bytes(path.read_bytes()[:9000])


def damaged(path: Path) -> None:
    Image.effect_noise((200, 200), 90).save(path)
    content = bytearray(path.read_bytes())
    content[60:90] = bytes(30)
    path.write_bytes(content)


def huge(path: Path) -> None:
    Image.new("1", (16_000, 12_000)).save(path)


def quite_huge(path: Path) -> None:
    Image.new("1", (13_000, 10_000)).save(path)


POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n{} loop\n%%EOF\n"
"""A program without end, for Ghostscript."""


def huge_jpeg(path: Path) -> None:
    """Let a small photo claim to have 65,000 pixels along each side."""
    seven().save(path, "JPEG")
    content = bytearray(path.read_bytes())
    sizes = content.index(b"\xff\xc0") + 5
    content[sizes : sizes + 4] = b"\xfd\xe8" * 2
    path.write_bytes(content)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "there is no such file"),
    "a folder": (Path.mkdir, "is a folder"),
    "empty": (Path.touch, "is not a picture"),
    "text": (lambda path: path.write_text("seven"), "is not a picture"),
    "only a beginning": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n"), "is not a picture|damaged"),
    "truncated": (truncated, "the picture is damaged"),
    "damaged": (damaged, "the picture is damaged"),
    "blank": (blank, "is blank"),
    "blank as MNIST": (blank_as_mnist, "is blank"),
    "see-through": (see_through, "is blank"),
    "a pipe": (os.mkfifo, "is a device, a pipe or a socket"),
    "PostScript": (lambda path: path.write_bytes(POSTSCRIPT), "is not a picture that can be read"),
    "a format that is not named": (
        lambda path: seven().save(path, "PPM"),
        "is not a picture that can be read",
    ),
    "huge JPEG": (huge_jpeg, "far too large"),
    "huge": (huge, "far too large"),
    "quite huge": (quite_huge, "far too large"),
}


@pytest.mark.parametrize(("make", "words"), BAD.values(), ids=BAD)
def test_that_what_is_no_digit_is_refused_by_name(
    tmp_path: Path, make: Callable[[Path], object], words: str
) -> None:
    path = tmp_path / "picture.png"
    make(path)
    with pytest.raises(DataError, match=words) as caught:
        read_image(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("suffix", ["jpg", "png", "tiff"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_that_a_large_photo_is_read_as_a_small_one(
    tmp_path: Path, expected: Pixels, suffix: str, mode: str
) -> None:
    photo = seven().convert(mode).resize((6000, 4000), Image.Resampling.BICUBIC)
    assert distance(read_image(save(photo, tmp_path / f"photo.{suffix}")), expected) < 2


def test_that_a_large_picture_of_many_bits_is_read(tmp_path: Path, expected: Pixels) -> None:
    photo = seven().resize((6000, 4000), Image.Resampling.BICUBIC)
    deep = Image.fromarray(np.asarray(photo).astype(np.uint16) * 257)
    assert distance(read_image(save(deep, tmp_path / "photo.tiff")), expected) < 2


def test_that_the_content_of_a_picture_is_read_without_a_file(expected: Pixels) -> None:
    content = io.BytesIO()
    seven().save(content, "PNG")
    np.testing.assert_array_equal(picture_in(content.getvalue()), expected)
    with pytest.raises(DataError, match=r"^The picture is not a picture that can be read"):
        picture_in(b"seven")


LARGEST = """
import sys
from micronn_core.drawing.images import read_image
from tests.peak import peak_bytes
before = peak_bytes()
read_image(sys.argv[1])
print(peak_bytes() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measured by Linux")
@pytest.mark.parametrize(
    ("mode", "suffix", "size"),
    [
        ("L", "jpg", (11_000, 9_000)),
        ("RGB", "jpg", (11_000, 9_000)),
        ("RGBA", "png", (8_000, 5_000)),
        ("1", "png", (8_000, 5_000)),
        ("I;16", "tiff", (8_000, 5_000)),
    ],
)
def test_that_the_largest_picture_takes_little_memory(
    tmp_path: Path, mode: str, suffix: str, size: tuple[int, int]
) -> None:
    path = tmp_path / f"photo.{suffix}"
    image = Image.new(mode, size)
    image.paste(0xFFFF if mode == "I;16" else "white", (2000, 1000, 3000, 4000))
    image.save(path)
    words = [sys.executable, "-c", LARGEST, str(path)]
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=True, timeout=60)
    assert int(done.stdout) < 600 << 20


@pytest.mark.parametrize("field", [Field(8, 8), Field(16, 24), Field(56, 56)])
def test_that_a_picture_is_brought_to_a_field_of_another_size(tmp_path: Path, field: Field) -> None:
    image = Image.new("L", (90, 140), 255)
    ImageDraw.Draw(image).ellipse((20, 25, 70, 115), outline=0, width=12)
    image.save(tmp_path / "zero.png")
    picture = read_image(tmp_path / "zero.png", field)
    assert picture.shape == (field.height, field.width)
    assert picture.max() == 255
    rows, _ = np.nonzero(picture > 60)
    assert np.ptp(rows) + 1 == pytest.approx(field.box[1], abs=1.5)


def test_that_a_picture_of_the_fields_own_size_is_taken_as_it_is(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8), np.uint8)
    pixels[[0, -1]] = pixels[:, [0, -1]] = 0
    Image.fromarray(pixels).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_image(tmp_path / "a.png", Field(8, 8)), pixels)
