"""The picture beside an invitation in a chat: the group's name in the look's colours, over the mown row."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

# The size that chats ask for (Open Graph's 1.91 : 1), in pixels.
WIDTH, HEIGHT, EDGE = 1200, 630, 84
# The light side of static/css/tokens.css.
PAPER, INK, SOFT, LEAF, STRAW, STUBBLE = "#faf6ec", "#1d2a1c", "#586151", "#1f5b3a", "#c68600", "#9f8f62"
CACHED_SECONDS = 24 * 3600
# Heights of the windrow's strokes, as the logo has them, then the stubble.
STROKES = (34, 52, 78, 104, 122, 132, 124, 110, 88, 66, 48, 36)
# Letters that the vendored serif has; another script takes the system's own letters.
SERIF_LETTERS = 0x250
# Names of a wide system font on Debian, macOS and Windows.
WIDE_FONTS = ("DejaVuSans-Bold.ttf", "NotoSans-Bold.ttf", "Arial Unicode.ttf", "arialbd.ttf")


@dataclass(frozen=True, slots=True)
class Preview:
    """What the picture says; an empty line is left out."""

    name: str
    line: str
    closes: str


def preview_png(preview: Preview) -> bytes:
    """The picture as PNG, 1200 × 630. Drawn once for each content, about 60 ms; kept in the cache after."""
    key = f"preview-{sha256(repr(preview).encode()).hexdigest()}"
    drawn: bytes | None = cache.get(key)
    if drawn is None:
        drawn = _draw(preview)
        cache.set(key, drawn, CACHED_SECONDS)
    return drawn


def _draw(preview: Preview) -> bytes:
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    top = _text(pen, "Windrow", EDGE, 34, LEAF, weight=600, lines=1) + 26
    top = _text(pen, preview.name, top, 88, INK, weight=560, lines=2) + 18
    if preview.line:
        top = _text(pen, preview.line, top, 44, SOFT, weight=420, lines=1) + 10
    if preview.closes:
        _text(pen, preview.closes, top, 40, LEAF, weight=600, lines=1)
    _field(pen)
    out = BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _field(pen: ImageDraw.ImageDraw) -> None:
    """The mown field along the lower edge, with one windrow in it."""
    step, foot = 24, HEIGHT - 44
    for place, x in enumerate(range(EDGE, WIDTH - EDGE, step)):
        in_row = 0 <= place - 18 < len(STROKES)
        tall = STROKES[place - 18] if in_row else 14 + (place * 7) % 9
        pen.rounded_rectangle((x, foot - tall, x + 11, foot), 5, fill=STRAW if in_row else STUBBLE)


def _text(pen: ImageDraw.ImageDraw, text: str, top: int, size: int, colour: str, *, weight: int, lines: int) -> int:
    """Write at the left edge in at most so many lines, smaller rather than cut; answers where the next one begins."""
    for fitting in range(size, size // 2, -4):
        font = _font(fitting, weight, _is_latin(text))
        found = _broken(pen, text, font)
        if len(found) <= lines:
            break
    kept = found[:lines]
    if len(found) > lines:
        kept[-1] = kept[-1].rstrip() + "…"
    for line in kept:
        pen.text((EDGE, top), line, font=font, fill=colour)
        top += round(font.size * 1.16)
    return top


def _broken(pen: ImageDraw.ImageDraw, text: str, font: FreeTypeFont) -> list[str]:
    """The text in lines that fit, broken between words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and pen.textlength(longer, font=font) > WIDTH - 2 * EDGE:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _is_latin(text: str) -> bool:
    return all(ord(letter) < SERIF_LETTERS or letter in "–—’“”…" for letter in text)


@lru_cache(maxsize=32)
def _font(size: int, weight: int, latin: bool) -> FreeTypeFont:
    if not latin:
        for name in WIDE_FONTS:
            try:
                return ImageFont.truetype(name, size)
            except OSError:
                continue
    serif = Path(settings.BASE_DIR) / "static/vendor/fraunces/1.000/fraunces-latin-wght-normal.woff2"
    font = ImageFont.truetype(str(serif), size)
    font.set_variation_by_axes([weight])
    return font
