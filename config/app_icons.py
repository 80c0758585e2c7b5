"""Draws the app's icons from the brand mark: python -m config.app_icons. Only needed when the mark changes.

The mark is static/icons/favicon.svg: six strokes on a square of 34. Phones cut a "maskable" icon to any shape, so there
the mark stays within the inner four fifths of the square, as its specification asks.
"""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

FOLDER: Final = Path(__file__).resolve().parents[1] / "static" / "icons"
PAPER, LEAF = "#faf6ec", "#1f5b3a"
# x, y and height of each stroke; all are 4 wide with round ends.
STROKES: Final = ((0, 20, 8), (6, 13, 15), (12, 5, 23), (18, 4, 24), (24, 11, 17), (30, 18, 10))
SIDE, TOP, HEIGHT, WIDTH = 34, 4, 24, 4
# Drawn larger and scaled down, so that the round ends are smooth.
FINER = 4
ICONS: Final = (("app-192", 192, 0.62), ("app-512", 512, 0.62), ("app-maskable-512", 512, 0.5))


def draw(size: int, share: float) -> Image.Image:
    """The mark on paper, `share` of the square wide."""
    whole = size * FINER
    picture = Image.new("RGB", (whole, whole), PAPER)
    pen = ImageDraw.Draw(picture)
    unit = whole * share / SIDE
    left, top = (whole - SIDE * unit) / 2, (whole - HEIGHT * unit) / 2 - TOP * unit
    for x, y, height in STROKES:
        box = (left + x * unit, top + y * unit, left + (x + WIDTH) * unit, top + (y + height) * unit)
        pen.rounded_rectangle(box, radius=WIDTH * unit / 2, fill=LEAF)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    for name, size, share in ICONS:
        draw(size, share).quantize(colors=32).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
