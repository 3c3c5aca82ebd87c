"""Photographs of handwritten digits, made from MNIST's by a program: one digit, one condition, one seed.

Each condition is a row of `CONDITIONS`; the amounts within it (places, widths, colours, strengths) are
drawn from the seed, so that what reads them is tried on the kind and not on one file.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

Grey = NDArray[np.float64]
Chance = np.random.Generator
Pixels = NDArray[np.uint8]
Condition = Callable[[Pixels, Chance], Image.Image]


# -- writing --


def written(
    digit: Pixels, chance: Chance, side: int = 0, share: float = 0.0, off_centre: float = 0.12
) -> Grey:
    """Return how much ink covers each pixel of a square sheet, (side, side), 0 to 1, as a pen would write.

    Args:
        digit: (28, 28), white on black.
        chance: decides what is not given.
        side: pixels of the sheet; 280 to 800 if not given.
        share: how much of the sheet the digit's field of 28x28 takes; 0.45 to 0.85 if not given.
        off_centre: how far from the middle it may lie, as a share of the side.
    """
    side = side or int(chance.integers(280, 800))
    size = max(20, round(side * (share or chance.uniform(0.45, 0.85))))
    field = Image.fromarray(digit).resize((size, size), Image.Resampling.BICUBIC)
    ink = np.asarray(field, np.float64) / 255
    if chance.random() < 0.6:  # a pen's edge is sharp, however large it is seen
        ink = np.clip((ink - 0.5) * max(1.0, size / 120) * chance.uniform(1, 2) + 0.5, 0, 1)
    room = (side - size) / 2
    top, left = (
        round(float(np.clip(room + chance.uniform(-1, 1) * off_centre * side, 0, side - size)))
        for _ in range(2)
    )
    sheet = np.zeros((side, side))
    sheet[top : top + size, left : left + size] = ink
    return sheet


def drawn(strokes: Sequence[NDArray[np.float64]], side: int, width: float) -> Grey:
    """Return how much ink covers each pixel of a square sheet, (side, side), where a pen has drawn.

    Args:
        strokes: (n, 2) each, x and y of any scale.
        side: pixels of the sheet, half of which the digit's longer side takes.
        width: the pen's, in pixels.
    """
    fine = 3
    every = np.concatenate(strokes)
    middle, length = (every.max(axis=0) + every.min(axis=0)) / 2, float(np.ptp(every, axis=0).max())
    image = Image.new("L", (fine * side, fine * side))
    draw = ImageDraw.Draw(image)
    radius = fine * width / 2
    for stroke in strokes:
        places = fine * side * ((stroke - middle) / (2 * length) + 0.5)
        draw.line([(x, y) for x, y in places], fill=255, width=round(2 * radius), joint="curve")
        for x, y in (places[0], places[-1]):
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=255)
    return np.asarray(image.resize((side, side), Image.Resampling.BOX), np.float64) / 255


def on_paper(ink: Grey, chance: Chance, paper: float = 0.0, pen: float = -1.0) -> Grey:
    """Return the brightness of paper that is written on, (side, side), 0 to 255."""
    paper = paper or chance.uniform(225, 255)
    pen = pen if pen >= 0 else chance.uniform(0, 70)
    return paper + ink * (pen - paper)


def image_of(grey: Grey) -> Image.Image:
    """Return brightness or colours of 0 to 255 as a picture."""
    return Image.fromarray(np.clip(grey, 0, 255).round().astype(np.uint8))


def blurred(grey: Grey, sigma: float) -> Grey:
    """Return a picture out of focus."""
    return np.asarray(ndimage.gaussian_filter(grey, sigma))


def _slope(side: int, chance: Chance) -> Grey:
    """Return places along a direction by chance, (side, side), 0 to 1 from one border to the other."""
    angle = chance.uniform(0, 2 * np.pi)
    y, x = np.mgrid[:side, :side] / (side - 1) - 0.5
    along = x * np.cos(angle) + y * np.sin(angle)
    return np.asarray((along - along.min()) / np.ptp(along))


# -- light --


def side_light(grey: Grey, chance: Chance, least: float) -> Grey:
    """Let light fall off from one side to `least` of it."""
    return grey * (1 - (1 - least) * _slope(len(grey), chance))


def lamp(grey: Grey, chance: Chance, least: float) -> Grey:
    """Light a place by a lamp; at the far corner there is `least` of it."""
    side = len(grey)
    y, x = np.mgrid[:side, :side] / side
    squared = (x - chance.uniform(0, 1)) ** 2 + (y - chance.uniform(0, 1)) ** 2
    return grey * (1 - (1 - least) * squared / squared.max())


def hand(grey: Grey, chance: Chance, left: float, soft: bool) -> Grey:
    """Let a hand's shadow, in which `left` of the light remains, fall over a part of the sheet."""
    side = len(grey)
    along = _slope(side, chance)
    angle = chance.uniform(0, 2 * np.pi)
    y, x = np.mgrid[:side, :side] / side
    wave = 0.06 * np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) + chance.uniform(0, 6))
    width = chance.uniform(0.03, 0.12) if soft else 1.5 / side
    shadow = np.clip((along + wave - chance.uniform(0.3, 0.65)) / width + 0.5, 0, 1)
    return np.asarray(grey * (1 - (1 - left) * shadow))


# -- paper --


def lines_on(
    grey: Grey, chance: Chance, strength: float, squared: bool, pen: float = 30.0, tilt: float = 0.0
) -> Grey:
    """Rule paper, or square it, with lines of a share of the ink's strength."""
    side = len(grey)
    paper = float(np.median(grey))
    gap = side * (chance.uniform(0.03, 0.09) if squared else chance.uniform(0.06, 0.16))
    width = side * chance.uniform(0.002, 0.006)
    fine = 3
    cover = Image.new("L", (fine * side, fine * side))
    draw = ImageDraw.Draw(cover)
    slant = np.tan(np.radians(tilt))
    for axis in (0, 1) if squared else (0,):
        place = chance.uniform(-gap, 0) - side * abs(slant)
        while place < side * (1 + abs(slant)):
            rise = slant * side * (1 if axis == 0 else -1)
            ends = [(0, place), (side, place + rise)]
            points = [(fine * a, fine * b) if axis == 0 else (fine * b, fine * a) for a, b in ends]
            draw.line(points, fill=255, width=max(1, round(fine * max(1.0, width))))
            place += gap
    share = np.asarray(cover.resize((side, side), Image.Resampling.BOX), np.float64) / 255
    return np.minimum(grey, paper - share * strength * (paper - pen))


def margin_line(grey: Grey, chance: Chance, strength: float) -> Grey:
    """Draw the line of a margin, near the left or the right border, from top to bottom."""
    side = len(grey)
    width = max(1, round(side * chance.uniform(0.003, 0.008)))
    place = round(side * chance.uniform(0.05, 0.16))
    place = place if chance.random() < 0.5 else side - place - width
    lined = grey.copy()
    stripe = lined[:, place : place + width]
    lined[:, place : place + width] = np.minimum(stripe, np.median(grey) - strength * (np.median(grey) - 30))
    return lined


def textured(grey: Grey, chance: Chance, amount: float) -> Grey:
    """Give paper the grain and the fibres of recycled paper; `amount` is their deviation."""
    side = len(grey)
    texture = np.zeros((side, side))
    for sigma in (0.6, 1.5, 4.0):
        layer = blurred(chance.normal(0, 1, (side, side)), sigma)
        texture += layer / layer.std()
    fibres = Image.new("L", (side, side))
    draw = ImageDraw.Draw(fibres)
    for _ in range(side // 4):
        x, y, angle = chance.uniform(0, side), chance.uniform(0, side), chance.uniform(0, 6.3)
        length = chance.uniform(4, 12) * side / 400
        draw.line([(x, y), (x + length * np.cos(angle), y + length * np.sin(angle))], fill=255)
    return grey + amount * texture / texture.std() - 2.5 * amount * np.asarray(fibres, np.float64) / 255


def specks_on(grey: Grey, chance: Chance, count: int) -> Grey:
    """Let dark specks lie on the sheet, away from the digit as often as near it."""
    side = len(grey)
    image = image_of(grey)
    draw = ImageDraw.Draw(image)
    for _ in range(count):
        x, y = chance.uniform(0, side, 2)
        radius = chance.uniform(0.5, max(0.6, 0.007 * side))
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=int(chance.integers(0, 90)))
    return np.asarray(image, np.float64)


def grained(grey: Grey, chance: Chance, amount: float) -> Grey:
    """Add a camera's noise."""
    return grey + chance.normal(0, amount, grey.shape)


# -- what lies around --


def framed(grey: Grey, chance: Chance, width: int, sides: str = "tblr") -> Grey:
    """Draw a dark border of so many pixels along some sides."""
    dark = chance.uniform(0, 60)
    inner = np.zeros(grey.shape, bool)
    height, length = grey.shape
    inner[
        width if "t" in sides else 0 : height - (width if "b" in sides else 0),
        width if "l" in sides else 0 : length - (width if "r" in sides else 0),
    ] = True
    return np.where(inner, grey, dark)


def scanner_edge(grey: Grey, chance: Chance) -> Grey:
    """Show the dark edge that a scanner leaves where the sheet ends: uneven, soft, on one side or two."""
    side = len(grey)
    scanned = grey.copy()
    for turns in chance.permutation(4)[: chance.integers(1, 3)]:
        width = side * chance.uniform(0.01, 0.06) + np.linspace(0, side * chance.uniform(-0.015, 0.015), side)
        depth = np.arange(side)[:, None] - np.maximum(width, 1)[None]
        shade = np.clip(0.5 - depth / max(1.0, side * chance.uniform(0.002, 0.012)), 0, 1)
        view = np.rot90(scanned, turns)
        view[...] = view * (1 - shade) + chance.uniform(0, 70) * shade
    return scanned


def on_table(grey: Grey, chance: Chance, brightness: float, turn: float = 8.0) -> Grey:
    """Lay the sheet on a table of a mean brightness, turned a little, and see it from slightly aside."""
    side = len(grey)
    grain = blurred(chance.normal(0, 1, (side, side)), 1.0)
    wood = np.sin(_slope(side, chance) * chance.uniform(10, 60) + 3 * blurred(grain, 8))
    table = brightness * (1 + 0.10 * wood + 0.05 * grain / grain.std()) + chance.normal(0, 3, (side, side))
    angle = np.radians(chance.uniform(-turn, turn))
    margins = chance.uniform(0.04, 0.16, 4) * side
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float) * side
    inner = np.array(
        [
            [margins[0], margins[1]],
            [side - margins[2], margins[1]],
            [side - margins[2], side - margins[3]],
            [margins[0], side - margins[3]],
        ]
    )
    middle = inner.mean(axis=0)
    turned = (inner - middle) @ np.array(
        [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    ) + middle
    turned += chance.uniform(-0.02, 0.02, (4, 2)) * side
    sheet = warped(grey, turned, corners)
    cover = warped(np.ones_like(grey), turned, corners)
    shade = np.roll(blurred(cover, 0.01 * side), round(0.008 * side), (0, 1))
    return np.asarray(sheet * cover + table * (1 - 0.3 * shade) * (1 - cover))


def warped(grey: Grey, to: Grey, source: Grey) -> Grey:
    """Return a picture whose corners `source` are moved to the places `to`, (4, 2) each; 0 beyond it."""
    rows = []
    for (x, y), (u, v) in zip(to, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    way = np.linalg.solve(np.array(rows), source.reshape(-1))
    image = Image.fromarray(grey.astype(np.float32))
    moved = image.transform(
        image.size, Image.Transform.PERSPECTIVE, list(way), Image.Resampling.BILINEAR, fillcolor=0
    )
    return np.asarray(moved, np.float64)


def tilted(grey: Grey, chance: Chance, degrees: float = 5.0, askew: float = 0.03) -> Grey:
    """Take a picture with the camera turned and not quite above the sheet, which fills all of it."""
    side = len(grey)
    angle = np.radians(chance.uniform(-degrees, degrees))
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float) * side
    grown = (corners - side / 2) * (np.cos(angle) + abs(np.sin(angle)) + 2 * askew)
    turned = grown @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) + side / 2
    turned += chance.uniform(-askew, askew, (4, 2)) * side
    return warped(grey, turned, corners)


def as_jpeg(grey: Grey, quality: int) -> Image.Image:
    """Return a picture as it is after it has been a JPEG file."""
    content = io.BytesIO()
    image_of(grey).save(content, "JPEG", quality=quality)
    image = Image.open(io.BytesIO(content.getvalue()))
    image.load()
    return image


# -- the conditions --


def _on_sheet(digit: Pixels, chance: Chance, change: Callable[[Grey, Chance], Grey]) -> Image.Image:
    return image_of(grained(change(on_paper(written(digit, chance), chance), chance), chance, 1.5))


def _sized(digit: Pixels, chance: Chance, side: int) -> Image.Image:
    return image_of(on_paper(written(digit, chance, side, share=28 / 34), chance))


def _in_corner(digit: Pixels, chance: Chance, side: int = 0) -> Image.Image:
    """Return white on black, as MNIST is, but in a corner."""
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    cut = digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    field = np.zeros((28, 28), np.uint8)
    top = int(chance.choice([0, 1, 28 - cut.shape[0]]))
    left = int(chance.choice([0, 1, 28 - cut.shape[1]]))
    field[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
    return Image.fromarray(field).resize((side or 28,) * 2, Image.Resampling.BICUBIC)


def _small(digit: Pixels, chance: Chance) -> Image.Image:
    return image_of(on_paper(written(digit, chance, share=chance.uniform(0.1, 0.25), off_centre=0.4), chance))


def _grey_ground(digit: Pixels, chance: Chance, side: int = 28) -> Image.Image:
    ground = chance.uniform(25, 90)
    grey = ground + digit / 255 * (chance.uniform(220, 255) - ground)
    return image_of(grey).resize((side, side), Image.Resampling.BICUBIC)


def _chalk(digit: Pixels, chance: Chance) -> Image.Image:
    grey = on_paper(written(digit, chance), chance, chance.uniform(40, 90), chance.uniform(190, 240))
    return image_of(grained(side_light(textured(grey, chance, 3), chance, 0.75), chance, 3))


def _transparent(digit: Pixels, chance: Chance) -> Image.Image:
    ink = image_of(255 * written(digit, chance))
    image = Image.new("RGBA", ink.size, (255, 255, 255, 0) if chance.random() < 0.3 else (0, 0, 0, 0))
    image.putalpha(ink)
    return image


def _blue_on_ruled(digit: Pixels, chance: Chance) -> Image.Image:
    """Return blue ink on paper with lines of another colour, and often with a red margin line."""
    ink = written(digit, chance)
    side = len(ink)
    lines = 1 - lines_on(np.ones((side, side)), chance, chance.uniform(0.5, 1), chance.random() < 0.3, pen=0)
    margin = 1 - margin_line(np.ones((side, side)), chance, 1 / 29) if chance.random() < 0.5 else 0 * ink
    colours = np.array([[150, 190, 235], [120, 130, 200], [170, 170, 170], [150, 200, 170]], float)
    colour = np.full((side, side, 3), [250.0, 248, 240])
    for cover, tint in ((lines, chance.choice(colours)), (margin, np.array([225.0, 90, 100]))):
        colour += np.clip(cover, 0, 1)[..., None] * (tint - colour)
    pen = np.array([chance.uniform(20, 70), chance.uniform(40, 90), chance.uniform(130, 190)])
    colour += ink[..., None] * (pen - colour)
    return image_of(colour * (1 - 0.2 * _slope(side, chance))[..., None] + chance.normal(0, 2, colour.shape))


def _ruled(digit: Pixels, chance: Chance, strength: float, squared: bool) -> Image.Image:
    pen = chance.uniform(0, 60)
    grey = on_paper(written(digit, chance), chance, pen=pen)
    return image_of(grained(lines_on(grey, chance, strength, squared, pen), chance, 1.5))


def _ruled_photo(digit: Pixels, chance: Chance, squared: bool) -> Image.Image:
    """Return lined paper taken by a phone: the lines run aslant and fan out."""
    pen = chance.uniform(0, 60)
    grey = on_paper(written(digit, chance), chance, pen=pen)
    grey = lines_on(grey, chance, chance.uniform(0.3, 0.8), squared, pen)
    grey = side_light(tilted(grey, chance, 4, 0.015), chance, chance.uniform(0.6, 0.9))
    return as_jpeg(grained(blurred(grey, len(grey) / 500), chance, 3), int(chance.integers(60, 95)))


def _phone(digit: Pixels, chance: Chance) -> Image.Image:
    grey = textured(on_paper(written(digit, chance), chance), chance, chance.uniform(1, 3))
    grey = tilted(grey, chance)
    grey = side_light(grey, chance, chance.uniform(0.5, 0.85))
    if chance.random() < 0.5:
        grey = hand(grey, chance, chance.uniform(0.6, 0.85), soft=True)
    grey = blurred(grey, len(grey) * chance.uniform(0.001, 0.005))
    return as_jpeg(grained(grey, chance, chance.uniform(2, 6)), int(chance.integers(40, 90)))


def _table_photo(digit: Pixels, chance: Chance) -> Image.Image:
    grey = on_table(on_paper(written(digit, chance), chance), chance, chance.uniform(25, 110))
    grey = side_light(grey, chance, chance.uniform(0.6, 0.95))
    return as_jpeg(grained(blurred(grey, len(grey) / 500), chance, 3), int(chance.integers(60, 95)))


def _sheet(change: Callable[[Grey, Chance], Grey]) -> Condition:
    return partial(_on_sheet, change=change)


CONDITIONS: dict[str, Condition] = {
    "white paper": _sheet(lambda grey, chance: grey),
    "light falling to 70 %": _sheet(partial(side_light, least=0.7)),
    "light falling to 50 %": _sheet(partial(side_light, least=0.5)),
    "light falling to 40 %": _sheet(partial(side_light, least=0.4)),
    "lamp, to 60 %": _sheet(partial(lamp, least=0.6)),
    "hand's shadow of 75 %, soft": _sheet(partial(hand, left=0.75, soft=True)),
    "hand's shadow of 55 %, soft": _sheet(partial(hand, left=0.55, soft=True)),
    "hand's shadow of 75 %, hard": _sheet(partial(hand, left=0.75, soft=False)),
    "hand's shadow of 55 %, hard": _sheet(partial(hand, left=0.55, soft=False)),
    "dark table": _sheet(lambda grey, chance: on_table(grey, chance, chance.uniform(20, 70))),
    "brown table": _sheet(lambda grey, chance: on_table(grey, chance, chance.uniform(80, 140))),
    "dark table, side light": _table_photo,
    "frame of 1 pixel": _sheet(partial(framed, width=1)),
    "frame of 2 pixels": _sheet(partial(framed, width=2)),
    "frame of 5 pixels": _sheet(partial(framed, width=5)),
    "right edge only": _sheet(
        lambda grey, chance: framed(grey, chance, int(chance.integers(1, 9)), sides="r")
    ),
    "scanner edge": _sheet(scanner_edge),
    "ruled paper, 60 %": partial(_ruled, strength=0.6, squared=False),
    "ruled paper, 100 %": partial(_ruled, strength=1.0, squared=False),
    "squared paper, 30 %": partial(_ruled, strength=0.3, squared=True),
    "squared paper, 60 %": partial(_ruled, strength=0.6, squared=True),
    "squared paper, 100 %": partial(_ruled, strength=1.0, squared=True),
    "ruled paper by phone": partial(_ruled_photo, squared=False),
    "squared paper by phone": partial(_ruled_photo, squared=True),
    "margin line": _sheet(lambda grey, chance: margin_line(grey, chance, chance.uniform(0.4, 1))),
    "blue ink on ruled paper": _blue_on_ruled,
    "recycled paper": _sheet(lambda grey, chance: textured(grey * 0.88, chance, chance.uniform(4, 9))),
    "specks": _sheet(lambda grey, chance: specks_on(grey, chance, int(chance.integers(1, 8)))),
    "phone, with all of it": _phone,
    "28x28, dark on light": partial(_sized, side=28),
    "56x56, dark on light": partial(_sized, side=56),
    "200x200": partial(_sized, side=200),
    "1000x1000": partial(_sized, side=1000),
    "28x28, in a corner": _in_corner,
    "56x56, in a corner": partial(_in_corner, side=56),
    "small on a large sheet": _small,
    "28x28, grey ground": _grey_ground,
    "56x56, grey ground": partial(_grey_ground, side=56),
    "chalk on a board": _chalk,
    "nothing but ink (transparent)": _transparent,
}
"""What a photograph was taken of and how; each makes a picture of a digit of MNIST's, (28, 28), by chance."""


def photograph(digit: Pixels, condition: str, seed: int) -> Image.Image:
    """Return a photograph of a digit of MNIST's, (28, 28), under a condition; the same for the same seed."""
    return CONDITIONS[condition](digit, np.random.default_rng([zlib.crc32(condition.encode()), seed]))
