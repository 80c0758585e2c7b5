"""The row of strokes: one SVG pattern whatever the quantity; static/js/row.js draws the same."""

from dataclasses import dataclass

from marketplace.views.sentences import row_words

# More strokes than this are grouped, several units each.
MOST_STROKES = 60
# Up to so many strokes stand at a fixed pitch, so that a short row looks short; more share the width.
FEW_STROKES = 21
PITCH_PX = 14
# The part of a stroke's place that is filled; the rest is the gap, half on each side.
FILLED = 5 / 7


@dataclass(frozen=True, slots=True)
class Row:
    """Geometry of a row, as SVG lengths. Each part is its name, where it starts and how long it is."""

    pitch: str
    stroke: str
    inset: str
    parts: tuple[tuple[str, str, str], ...]
    words: str
    figures: str


def row_of(*, reserved: int, sure: int, waiting: int, target: int, mine: int = 0) -> Row:
    """The row for an offer's figures, in units. `mine` may run ahead of `reserved`, which is told a moment later."""
    reserved = max(reserved, mine)
    units = max(target, reserved, 1)
    group = -(-units // MOST_STROKES)
    strokes = -(-units // group)

    def length(places: float) -> str:
        return f"{places * PITCH_PX:.4g}" if strokes <= FEW_STROKES else f"{places * 100 / strokes:.4g}%"

    parts, start = [], 0
    for name, end in (("mine", mine), ("sure", sure), ("waiting", reserved), ("missing", units)):
        stop = max(start, -(-end // group))
        parts.append((name, length(start), length(stop - start)))
        start = stop
    return Row(
        pitch=length(1),
        stroke=length(FILLED),
        inset=length((1 - FILLED) / 2),
        parts=tuple(parts),
        words=row_words(reserved=reserved, sure=sure, waiting=waiting, mine=mine, target=target),
        figures=f"{reserved},{sure},{waiting},{target}",
    )
