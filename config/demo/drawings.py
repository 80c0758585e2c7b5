"""Product pictures of the demo, drawn: flat shapes on the look's washes, so that no photograph has to be licensed."""

from collections.abc import Callable, Mapping
from io import BytesIO
from math import cos, pi, sin
from types import MappingProxyType

from PIL import Image, ImageDraw

EDGE = 640
# The light colours of static/css/tokens.css and their neighbours; pictures stay the same in the dark.
GREEN_WASH, STRAW_WASH, SKY_WASH, ROSE_WASH = "#e8f0dc", "#f7ebcc", "#e2edef", "#f9e5dc"
LEAF, LEAF_LIGHT, STEM, INK = "#2f7a4d", "#79b889", "#7a5a33", "#1d2a1c"
RIPE, RIPE_DARK, RIPE_LIGHT = "#d1492a", "#b63a14", "#ec8a6b"
STRAW, STRAW_DARK, STRAW_LIGHT = "#e6b23c", "#c68600", "#f6d989"
CRUST, CRUST_DARK, CRUST_LIGHT = "#c98a4b", "#9c6430", "#e3b47c"
MILK, SHELL, SHELL_DARK, ROSE, ROSE_LIGHT = "#fffdf7", "#e2b48b", "#c9946a", "#ec8d72", "#f8bda8"
Pen = ImageDraw.ImageDraw
Dot = tuple[float, float]


def drawn(motif: str) -> bytes:
    """The picture of a motif of MOTIFS as PNG."""
    wash, draw = MOTIFS[motif]
    picture = Image.new("RGB", (EDGE, EDGE), wash)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((110, 500, 530, 570), fill=_mixed(wash, INK, 0.1))
    draw(pen)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _mixed(one: str, other: str, part: float) -> str:
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _round(pen: Pen, middle: Dot, radius: float, colour: str) -> None:
    """A ball with a soft light at its upper left."""
    x, y = middle
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    light = _mixed(colour, MILK, 0.35)
    pen.ellipse((x - radius * 0.6, y - radius * 0.68, x - radius * 0.05, y - radius * 0.2), fill=light)


def _leaf(pen: Pen, base: Dot, length: float, turn: float, colour: str = LEAF) -> None:
    """A pointed leaf from its base, turned by so many degrees from upright."""
    along = [(length * t, sin(pi * t) * length * 0.28) for t in (n / 12 for n in range(13))]
    outline = [*along, *((far, -wide) for far, wide in reversed(along))]
    angle = turn * pi / 180
    pen.polygon(
        [
            (base[0] + far * sin(angle) + wide * cos(angle), base[1] - far * cos(angle) + wide * sin(angle))
            for far, wide in outline
        ],
        fill=colour,
    )


def _apple(pen: Pen) -> None:
    for x, y, radius, colour in ((230, 400, 130, RIPE_DARK), (405, 380, 150, RIPE)):
        pen.ellipse((x - radius * 0.2, y - radius * 0.9, x + radius * 1.15, y + radius * 0.9), fill=colour)
        _round(pen, (x - radius * 0.25, y), radius * 0.9, colour)
        pen.line((x, y - radius * 0.75, x + 14, y - radius * 1.25), fill=STEM, width=14)
        _leaf(pen, (x + 8, y - radius), 100, 62)


def _bananas(pen: Pen) -> None:
    for step, colour in enumerate((STRAW_DARK, STRAW, STRAW_LIGHT)):
        left = 70 + step * 46
        pen.arc((left, -40 + step * 26, left + 430, 480 + step * 14), 18, 128, fill=colour, width=84 - step * 8)
    pen.polygon([(478, 330), (560, 250), (586, 268), (528, 362)], fill=STEM)


def _berries(pen: Pen) -> None:
    for x, y, size, colour in ((190, 330, 0.95, RIPE_DARK), (450, 330, 0.95, RIPE_DARK), (320, 390, 1.25, RIPE)):
        wide, tall = 95 * size, 150 * size
        pen.polygon(
            [(x - wide, y - 10), (x - 14, y + tall * 0.8), (x + 14, y + tall * 0.8), (x + wide, y - 10)], fill=colour
        )
        pen.ellipse((x - wide, y - 90 * size, x + wide, y + 60 * size), fill=colour)
        for row in range(3):
            for column in range(3 - row):
                dot = (x + (column - (2 - row) / 2) * 46 * size, y - 20 + row * 44 * size)
                pen.ellipse((dot[0] - 5, dot[1] - 8, dot[0] + 5, dot[1] + 8), fill=STRAW_LIGHT)
        for turn in (-70, -30, 10, 50, 80):
            _leaf(pen, (x, y - 70 * size), 62 * size, turn)


def _oranges(pen: Pen) -> None:
    for x, y, radius, colour in ((318, 265, 120, "#d97c1f"), (225, 410, 125, "#e08427"), (410, 400, 135, "#e9953a")):
        _round(pen, (x, y), radius, colour)
        pen.ellipse((x - 9, y - radius * 0.55, x + 9, y - radius * 0.55 + 18), fill=LEAF)
    _leaf(pen, (330, 200), 120, 58)


def _lemons(pen: Pen) -> None:
    for x, y, wide in ((240, 330, 150), (400, 430, 150)):
        pen.ellipse((x - wide - 28, y - 26, x + wide + 28, y + 26), fill=STRAW_DARK)
        pen.ellipse((x - wide, y - 98, x + wide, y + 98), fill=STRAW)
        pen.ellipse((x - wide * 0.7, y - 70, x, y - 20), fill=STRAW_LIGHT)
    _leaf(pen, (390, 300), 130, 60)


def _grapes(pen: Pen) -> None:
    for row, count in enumerate((5, 4, 4, 3, 2, 1)):
        for column in range(count):
            _round(
                pen, (320 + (column - (count - 1) / 2) * 82, 215 + row * 62), 46, "#7d3b57" if row % 2 else "#93476a"
            )
    pen.line((320, 190, 330, 90), fill=STEM, width=16)
    _leaf(pen, (330, 130), 130, 70)


def _tomatoes(pen: Pen) -> None:
    pen.line((90, 190, 330, 160, 560, 210), fill=LEAF, width=18)
    for x, y, radius in ((190, 350, 118), (420, 350, 128), (310, 450, 112)):
        pen.line((x, y - radius + 20, x + 6, 180), fill=LEAF, width=12)
        _round(pen, (x, y), radius, RIPE)
        for turn in (-75, -35, 0, 35, 75):
            _leaf(pen, (x, y - radius * 0.72), 58, turn)


def _carrots(pen: Pen) -> None:
    for number, x in enumerate((190, 280, 370, 460)):
        lean = (number - 1.5) * 26
        for turn in (-24, 0, 24):
            _leaf(pen, (x, 270), 150, turn + lean / 2, LEAF if turn else LEAF_LIGHT)
        pen.polygon([(x - 46, 265), (x + 46, 265), (x - lean + 8, 540), (x - lean - 8, 540)], fill="#dd7a2b")
        pen.ellipse((x - 46, 242, x + 46, 292), fill="#e8893a")
        for line in range(3):
            pen.line((x - 30 + line * 12, 320 + line * 50, x + 6, 324 + line * 50), fill="#b95f1c", width=6)


def _broccoli(pen: Pen) -> None:
    pen.polygon([(270, 340), (370, 340), (395, 540), (245, 540)], fill=LEAF_LIGHT)
    pen.polygon([(200, 350), (270, 340), (300, 430), (270, 450)], fill=LEAF_LIGHT)
    pen.polygon([(440, 350), (370, 340), (340, 430), (370, 450)], fill=LEAF_LIGHT)
    for x, y, radius in (
        (190, 300, 88),
        (450, 300, 88),
        (255, 220, 92),
        (390, 220, 92),
        (320, 290, 104),
        (322, 165, 70),
    ):
        _round(pen, (x, y), radius, LEAF)
    for x, y in ((170, 270), (250, 200), (330, 150), (400, 205), (455, 285), (310, 270), (350, 320), (230, 310)):
        pen.ellipse((x - 14, y - 14, x + 14, y + 14), fill=_mixed(LEAF, MILK, 0.22))


def _eggs(pen: Pen) -> None:
    pen.rounded_rectangle((90, 430, 550, 545), 40, fill="#b9ac8d")
    for x, colour in ((180, SHELL), (320, MILK), (460, SHELL_DARK)):
        pen.ellipse((x - 68, 250, x + 68, 480), fill=colour)
        pen.ellipse((x - 40, 285, x - 4, 345), fill=_mixed(colour, "#ffffff", 0.5))
    pen.rounded_rectangle((90, 440, 550, 545), 36, fill="#a89a79")
    for x in (180, 320, 460):
        pen.chord((x - 76, 380, x + 76, 500), 0, 180, fill="#b9ac8d")


def _loaf(pen: Pen) -> None:
    pen.rounded_rectangle((80, 250, 560, 530), 130, fill=CRUST_DARK)
    pen.rounded_rectangle((80, 235, 560, 505), 130, fill=CRUST)
    for x in (170, 270, 370, 470):
        pen.polygon([(x - 14, 440), (x + 34, 280), (x + 62, 292), (x + 22, 452)], fill=CRUST_LIGHT)


def _round_bread(pen: Pen) -> None:
    pen.ellipse((90, 170, 550, 550), fill=CRUST_DARK)
    pen.ellipse((90, 150, 550, 520), fill="#a8713c")
    for left in (190, 300, 410):
        pen.polygon([(left - 18, 420), (left + 26, 240), (left + 56, 248), (left + 20, 430)], fill=CRUST_LIGHT)
    for x, y in ((180, 260), (250, 210), (400, 220), (470, 300), (200, 380), (450, 400)):
        pen.ellipse((x - 8, y - 8, x + 8, y + 8), fill=STRAW_LIGHT)


def _milk(pen: Pen) -> None:
    pen.polygon([(255, 190), (385, 190), (440, 300), (440, 550), (200, 550), (200, 300)], fill=MILK)
    pen.polygon([(385, 190), (440, 300), (440, 550), (400, 550), (400, 300), (362, 190)], fill="#dfe6df")
    pen.rounded_rectangle((245, 120, 395, 200), 18, fill=LEAF)
    pen.rounded_rectangle((200, 360, 400, 470), 0, fill=LEAF_LIGHT)
    for number in range(9):
        height = 60 if number < 6 else 40
        pen.line((222 + number * 20, 450, 222 + number * 20, 450 - height), fill=MILK, width=9)


def _cheese(pen: Pen) -> None:
    pen.polygon([(70, 400), (430, 190), (570, 330), (570, 530), (70, 530)], fill=STRAW)
    pen.polygon([(70, 400), (430, 190), (570, 330), (570, 345), (70, 415)], fill=STRAW_LIGHT)
    for x, y, radius in ((190, 470, 34), (330, 440, 46), (470, 470, 30), (440, 390, 20), (270, 500, 16)):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=STRAW_DARK)


def _salmon(pen: Pen) -> None:
    pen.polygon([(80, 360), (300, 220), (560, 300), (570, 440), (320, 530), (90, 470)], fill=ROSE)
    pen.polygon([(80, 360), (90, 470), (320, 530), (322, 480), (100, 420)], fill="#8d97a0")
    for number in range(5):
        x = 190 + number * 74
        pen.arc((x - 60, 240, x + 80, 500), 110, 250, fill=ROSE_LIGHT, width=12)
    _leaf(pen, (470, 250), 130, 40)


def _jar(pen: Pen) -> None:
    pen.rounded_rectangle((180, 200, 460, 550), 46, fill=STRAW)
    pen.rounded_rectangle((180, 200, 250, 550), 36, fill=STRAW_LIGHT)
    pen.rounded_rectangle((170, 130, 470, 220), 22, fill=RIPE_DARK)
    pen.rounded_rectangle((210, 320, 430, 460), 14, fill=MILK)
    _round(pen, (320, 390), 38, STRAW_DARK)


def _coffee(pen: Pen) -> None:
    pen.polygon([(190, 180), (450, 180), (480, 550), (160, 550)], fill=CRUST_DARK)
    pen.polygon([(190, 180), (450, 180), (440, 120), (200, 120)], fill="#7c4d22")
    pen.rounded_rectangle((220, 300, 420, 470), 20, fill=CRUST_LIGHT)
    for x, y in ((280, 370), (360, 400)):
        pen.ellipse((x - 44, y - 56, x + 44, y + 56), fill="#6b411c")
        pen.line((x - 12, y - 48, x + 10, y, x - 8, y + 48), fill=CRUST_LIGHT, width=8)


MOTIFS: Mapping[str, tuple[str, Callable[[Pen], None]]] = MappingProxyType(
    {
        "apples": (ROSE_WASH, _apple),
        "bananas": (STRAW_WASH, _bananas),
        "strawberries": (ROSE_WASH, _berries),
        "oranges": (STRAW_WASH, _oranges),
        "lemons": (GREEN_WASH, _lemons),
        "grapes": (ROSE_WASH, _grapes),
        "tomatoes": (GREEN_WASH, _tomatoes),
        "carrots": (GREEN_WASH, _carrots),
        "broccoli": (GREEN_WASH, _broccoli),
        "eggs": (STRAW_WASH, _eggs),
        "loaf": (STRAW_WASH, _loaf),
        "round bread": (STRAW_WASH, _round_bread),
        "milk": (SKY_WASH, _milk),
        "cheese": (STRAW_WASH, _cheese),
        "salmon": (SKY_WASH, _salmon),
        "honey": (STRAW_WASH, _jar),
        "coffee": (ROSE_WASH, _coffee),
    }
)
