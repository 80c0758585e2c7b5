"""The row of strokes: one SVG pattern whatever the quantity; static/js/row.js draws the same."""

from dataclasses import dataclass

from marketplace.views.sentences import row_words

# More strokes than this are grouped, several units each.
MOST_STROKES = 60
# The row always fills its card. A gap is this part of the width at most, about 3.5 px of a phone's 320, and never more
# than two sevenths of a stroke's place.
FULL_WIDTH = 92
WIDEST_GAP = 2 / 7


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

    gap = min(WIDEST_GAP, strokes / FULL_WIDTH)

    def length(places: float) -> str:
        return f"{places * 100 / strokes:.4g}%"

    parts, start = [], 0
    for name, end in (("mine", mine), ("sure", sure), ("waiting", reserved), ("missing", units)):
        stop = max(start, -(-end // group))
        parts.append((name, length(start), length(stop - start)))
        start = stop
    return Row(
        pitch=length(1),
        stroke=length(1 - gap),
        inset=length(gap / 2),
        parts=tuple(parts),
        words=row_words(reserved=reserved, sure=sure, waiting=waiting, mine=mine, target=target),
        figures=f"{reserved},{sure},{waiting},{target}",
    )
