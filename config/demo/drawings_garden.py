"""More of what grows, drawn for the demo: each kind of fruit and vegetable looks like itself."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from config.demo.drawing_tools import (
    GREEN_WASH,
    LEAF,
    LEAF_LIGHT,
    MILK,
    RIPE,
    RIPE_DARK,
    ROSE_WASH,
    SKY_WASH,
    STEM,
    STRAW,
    STRAW_DARK,
    STRAW_LIGHT,
    STRAW_WASH,
    Dot,
    Pen,
    ball,
    leaf,
    mixed,
)

GREEN, GREEN_DARK = "#8fb04a", "#6d8f35"
PLUM, BLUE, PEACH, CORE = "#6d3f63", "#45568c", "#e8935c", "#8a5a33"


def _pears(pen: Pen) -> None:
    for x, y, size, colour in ((230, 390, 0.9, GREEN_DARK), (410, 370, 1.05, GREEN)):
        pen.line((x, y - 230 * size, x + 16, y - 290 * size), fill=STEM, width=14)
        pen.ellipse((x - 68 * size, y - 240 * size, x + 68 * size, y - 60 * size), fill=colour)
        pen.polygon(
            [
                (x - 66 * size, y - 160 * size),
                (x + 66 * size, y - 160 * size),
                (x + 124 * size, y + 30),
                (x - 124 * size, y + 30),
            ],
            fill=colour,
        )
        pen.ellipse((x - 132 * size, y - 90 * size, x + 132 * size, y + 165 * size), fill=colour)
        pen.ellipse((x - 90 * size, y - 30 * size, x - 40 * size, y + 60 * size), fill=mixed(colour, MILK, 0.4))
        leaf(pen, (x + 12, y - 250 * size), 90, 66)


def _avocado(pen: Pen) -> None:
    for x, y, whole in ((220, 370, True), (420, 380, False)):
        for grown, colour in ((0, "#33482a"), (16, "#b5c76b"), (40, "#e3e6a0")):
            if whole and grown:
                continue
            pen.ellipse((x - 80 + grown, y - 220 + grown, x + 80 - grown, y + 20), fill=colour)
            pen.ellipse((x - 130 + grown, y - 90 + grown / 2, x + 130 - grown, y + 165 - grown), fill=colour)
        if not whole:
            ball(pen, (x, y + 40), 58, CORE)


def _small(colour: str, dark: str, *, stems: bool, pen: Pen) -> None:
    """Berries in a heap; cherries hang on stems, two by two."""
    if stems:
        for x, y, top in ((200, 420, 300), (330, 460, 320), (450, 410, 320)):
            pen.line((x, y - 80, top, 150), fill=GREEN_DARK, width=12)
            ball(pen, (x, y), 92, colour if x != 330 else dark)
        leaf(pen, (310, 160), 130, 70)
        return
    for row, count in enumerate((3, 4, 5)):
        for column in range(count):
            dot: Dot = (320 + (column - (count - 1) / 2) * 104, 280 + row * 100)
            ball(pen, dot, 60, colour if (row + column) % 2 else dark)
            pen.ellipse((dot[0] - 14, dot[1] - 16, dot[0] + 14, dot[1] + 6), fill=mixed(dark, "#000000", 0.25))
    leaf(pen, (380, 220), 110, 55)


def _raspberries(pen: Pen) -> None:
    for x, y, size in ((210, 380, 1.0), (430, 390, 1.05), (320, 300, 0.9)):
        for row, count in enumerate((4, 4, 3, 2)):
            for column in range(count):
                dot: Dot = (x + (column - (count - 1) / 2) * 46 * size, y - 60 * size + row * 46 * size)
                ball(pen, dot, 29 * size, RIPE_DARK if (row + column) % 2 else "#c43d55")
        for turn in (-70, -25, 25, 70):
            leaf(pen, (x, y - 80 * size), 56 * size, turn)


def _halves(skin: str, flesh: str, heart: str, pen: Pen) -> None:
    """A whole round fruit and its cut half: melon, peach, plum."""
    ball(pen, (235, 350), 165, skin)
    pen.ellipse((270, 250, 570, 550), fill=mixed(skin, "#000000", 0.12))
    pen.ellipse((284, 264, 556, 536), fill=flesh)
    pen.ellipse((360, 340, 480, 460), fill=heart)
    leaf(pen, (240, 190), 110, 50)


def _watermelon(pen: Pen) -> None:
    pen.pieslice((60, 20, 580, 540), 0, 180, fill=LEAF)
    pen.pieslice((86, 46, 554, 514), 0, 180, fill="#e7efcf")
    pen.pieslice((106, 66, 534, 494), 0, 180, fill=RIPE)
    for x, y in ((190, 330), (260, 400), (320, 330), (390, 400), (450, 330)):
        pen.ellipse((x - 9, y - 16, x + 9, y + 16), fill="#3a2417")


def _apples_of(one: str, other: str, pen: Pen) -> None:
    for x, y, radius, colour in ((225, 395, 135, other), (415, 380, 155, one)):
        pen.ellipse((x - radius, y - radius * 0.9, x + radius * 0.2, y + radius * 0.9), fill=colour)
        pen.ellipse((x - radius * 0.2, y - radius * 0.9, x + radius, y + radius * 0.9), fill=colour)
        pen.ellipse((x - radius * 0.7, y - radius * 0.55, x - radius * 0.3, y), fill=mixed(colour, MILK, 0.4))
        pen.line((x, y - radius * 0.7, x + 12, y - radius * 1.2), fill=STEM, width=14)
        leaf(pen, (x + 8, y - radius * 0.95), 95, 62)


def _grapes_of(one: str, other: str, pen: Pen) -> None:
    for row, count in enumerate((5, 4, 4, 3, 2, 1)):
        for column in range(count):
            ball(pen, (320 + (column - (count - 1) / 2) * 82, 215 + row * 62), 46, one if row % 2 else other)
    pen.line((320, 190, 330, 90), fill=STEM, width=16)
    leaf(pen, (330, 130), 130, 70)


def _limes(pen: Pen) -> None:
    ball(pen, (230, 370), 140, GREEN_DARK)
    pen.ellipse((300, 290, 560, 550), fill=GREEN_DARK)
    pen.ellipse((316, 306, 544, 534), fill="#e4edc0")
    for start in range(0, 360, 60):
        pen.pieslice((334, 324, 526, 516), start + 5, start + 55, fill="#b9d16a")
    leaf(pen, (240, 240), 110, 48)


def _tubers(colour: str, spots: str, pen: Pen) -> None:
    for x, y, wide, tall in ((220, 330, 130, 95), (430, 350, 125, 105), (300, 455, 150, 95)):
        pen.ellipse((x - wide, y - tall, x + wide, y + tall), fill=colour)
        pen.ellipse((x - wide * 0.6, y - tall * 0.65, x - wide * 0.1, y - tall * 0.25), fill=mixed(colour, MILK, 0.35))
        for right, down in ((0.4, -0.2), (0.1, 0.4), (-0.4, 0.2), (0.6, 0.3)):
            dot = (x + wide * right, y + tall * down)
            pen.ellipse((dot[0] - 9, dot[1] - 6, dot[0] + 9, dot[1] + 6), fill=spots)


def _onions(colour: str, pen: Pen) -> None:
    dark = mixed(colour, "#3a2010", 0.25)
    for x, y, size in ((225, 400, 1.0), (430, 385, 1.12)):
        pen.polygon([(x - 46 * size, y - 100 * size), (x, y - 230 * size), (x + 46 * size, y - 100 * size)], fill=dark)
        pen.ellipse((x - 130 * size, y - 125 * size, x + 130 * size, y + 125 * size), fill=colour)
        for bend in (80, 40):
            pen.arc((x - bend * size, y - 122 * size, x + bend * size, y + 122 * size), 60, 300, fill=dark, width=6)
        pen.ellipse((x - 92 * size, y - 70 * size, x - 60 * size, y), fill=mixed(colour, MILK, 0.45))


def _long(colour: str, light: str, pen: Pen) -> None:
    """Cucumbers and courgettes, one over the other."""
    for step, (left, top) in enumerate(((110, 420), (90, 300))):
        pen.rounded_rectangle(
            (left, top, left + 440, top + 110), 55, fill=colour if step else mixed(colour, "#000000", 0.15)
        )
        for line in range(3):
            y = top + 26 + line * 28
            pen.line((left + 50 + line * 12, y, left + 390 - line * 12, y), fill=light, width=6)
    pen.rounded_rectangle((505, 335, 560, 372), 12, fill=STEM)


def _peppers(colour: str, pen: Pen) -> None:
    dark = mixed(colour, "#000000", 0.16)
    for x, shade in ((200, dark), (440, dark), (320, colour)):
        pen.rounded_rectangle((x - 105, 210, x + 105, 530), 95, fill=shade)
    pen.ellipse((250, 255, 290, 400), fill=mixed(colour, MILK, 0.4))
    pen.polygon([(296, 225), (344, 225), (356, 120), (316, 110)], fill=LEAF)
    pen.ellipse((252, 196, 388, 250), fill=LEAF)


def _lettuce(pen: Pen) -> None:
    for turn, long, colour in (
        (-78, 260, LEAF), (78, 260, LEAF), (-52, 320, LEAF_LIGHT), (52, 320, LEAF_LIGHT), (-25, 380, LEAF),
        (25, 380, LEAF), (0, 400, LEAF_LIGHT),
    ):  # fmt: skip
        leaf(pen, (320, 530), long, turn, colour)
    pen.ellipse((262, 440, 378, 550), fill="#dbe8bd")


def _mushrooms(pen: Pen) -> None:
    for x, y, size in ((210, 400, 0.9), (420, 380, 1.15)):
        pen.rounded_rectangle((x - 46 * size, y - 30, x + 46 * size, y + 150), 30, fill="#e9ddc8")
        pen.pieslice((x - 150 * size, y - 150 * size, x + 150 * size, y + 130 * size), 180, 360, fill="#cdb893")
        pen.ellipse((x - 150 * size, y - 44, x + 150 * size, y + 26), fill="#b79f78")
        pen.ellipse((x - 90 * size, y - 110 * size, x - 40 * size, y - 70 * size), fill="#e6d7b8")


def _corn(pen: Pen) -> None:
    pen.ellipse((230, 110, 410, 520), fill=STRAW_DARK)
    for row in range(9):
        for column in range(4):
            x, y = 262 + column * 39 + (row % 2) * 6, 160 + row * 38
            pen.rounded_rectangle(
                (x - 15, y - 14, x + 15, y + 14), 9, fill=STRAW if (row + column) % 3 else STRAW_LIGHT
            )
    for turn, colour in ((-30, LEAF), (30, LEAF), (-14, LEAF_LIGHT), (16, LEAF_LIGHT)):
        leaf(pen, (320, 560), 330, turn, colour)


def _cauliflower(pen: Pen) -> None:
    for turn in (-80, -48, 48, 80):
        leaf(pen, (320, 520), 300, turn, LEAF if abs(turn) > 60 else LEAF_LIGHT)
    for x, y, radius in ((220, 330, 86), (420, 330, 86), (270, 240, 86), (375, 240, 86), (320, 340, 110)):
        ball(pen, (x, y), radius, "#efe6cc")
    for x, y in ((240, 260), (330, 220), (400, 290), (300, 330), (360, 380), (230, 350)):
        pen.ellipse((x - 12, y - 12, x + 12, y + 12), fill="#d9cda9")


def _cabbage(pen: Pen) -> None:
    ball(pen, (320, 360), 200, "#b7cf8a")
    for left in (150, 210, 270):
        pen.arc((left, 180, 640 - left, 560), 195, 345, fill="#8fae62", width=8)
    pen.line((320, 540, 320, 330), fill="#e4edcd", width=16)
    for x in (220, 420):
        pen.line((320, 470, x, 360), fill="#e4edcd", width=9)


def _spears(colour: str, tip: str, pen: Pen) -> None:
    """Asparagus, celery, spring onions: a bunch with a band."""
    for number in range(6):
        x = 190 + number * 52
        pen.rounded_rectangle(
            (x - 20, 170 + abs(number - 2.5) * 14, x + 20, 550),
            18,
            fill=colour if number % 2 else mixed(colour, MILK, 0.2),
        )
        leaf(pen, (x, 240), 130, (number - 2.5) * 7, tip)
    pen.rounded_rectangle((150, 400, 490, 444), 12, fill=RIPE)


Draw = Callable[[Pen], None]
GARDEN: Mapping[str, tuple[str, Draw]] = MappingProxyType(
    {
        "pears": (GREEN_WASH, _pears),
        "avocado": (STRAW_WASH, _avocado),
        "blueberries": (SKY_WASH, lambda pen: _small(BLUE, "#38477a", stems=False, pen=pen)),
        "cherries": (ROSE_WASH, lambda pen: _small(RIPE, RIPE_DARK, stems=True, pen=pen)),
        "raspberries": (ROSE_WASH, _raspberries),
        "melon": (STRAW_WASH, partial(_halves, "#cdb36a", PEACH, "#c9743c")),
        "peaches": (ROSE_WASH, partial(_halves, PEACH, "#f5cf8e", "#8a4b2b")),
        "plums": (ROSE_WASH, partial(_halves, PLUM, "#dfae5b", "#5a3322")),
        "watermelon": (GREEN_WASH, _watermelon),
        "green apples": (GREEN_WASH, partial(_apples_of, GREEN, GREEN_DARK)),
        "golden apples": (STRAW_WASH, partial(_apples_of, "#dfc24f", "#c9a93a")),
        "dark apples": (ROSE_WASH, partial(_apples_of, "#a92f2c", "#8c2526")),
        "white grapes": (GREEN_WASH, partial(_grapes_of, GREEN_DARK, GREEN)),
        "limes": (GREEN_WASH, _limes),
        "potatoes": (STRAW_WASH, partial(_tubers, "#cfa768", "#a57d44")),
        "red potatoes": (ROSE_WASH, partial(_tubers, "#b9624f", "#8d4536")),
        "sweet potatoes": (STRAW_WASH, partial(_tubers, "#c9743c", "#9c5529")),
        "yellow onions": (STRAW_WASH, partial(_onions, "#d39a48")),
        "red onions": (ROSE_WASH, partial(_onions, "#8b3f63")),
        "white onions": (GREEN_WASH, partial(_onions, "#e6dcc4")),
        "cucumber": (GREEN_WASH, partial(_long, "#3f7d45", "#79b889")),
        "courgettes": (STRAW_WASH, partial(_long, "#54803a", "#a9c46c")),
        "red pepper": (ROSE_WASH, partial(_peppers, RIPE)),
        "green pepper": (GREEN_WASH, partial(_peppers, "#4c8a3f")),
        "yellow pepper": (STRAW_WASH, partial(_peppers, STRAW)),
        "lettuce": (GREEN_WASH, _lettuce),
        "mushrooms": (STRAW_WASH, _mushrooms),
        "corn": (GREEN_WASH, _corn),
        "cauliflower": (GREEN_WASH, _cauliflower),
        "cabbage": (GREEN_WASH, _cabbage),
        "asparagus": (GREEN_WASH, partial(_spears, "#7fa653", LEAF)),
        "celery": (GREEN_WASH, partial(_spears, "#b5cf83", LEAF_LIGHT)),
    }
)
