"""What the demo's drawn pictures share: colours, a ball with its light, a leaf."""

from math import cos, pi, sin

from PIL import ImageDraw

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


def mixed(one: str, other: str, part: float) -> str:
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def ball(pen: Pen, middle: Dot, radius: float, colour: str) -> None:
    """A ball with a soft light at its upper left."""
    x, y = middle
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    light = mixed(colour, MILK, 0.35)
    pen.ellipse((x - radius * 0.6, y - radius * 0.68, x - radius * 0.05, y - radius * 0.2), fill=light)


def leaf(pen: Pen, base: Dot, length: float, turn: float, colour: str = LEAF) -> None:
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
