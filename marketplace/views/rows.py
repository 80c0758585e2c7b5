"""The row of strokes: one SVG pattern whatever the quantity; static/js/row.js draws the same."""

from dataclasses import dataclass

from marketplace.views.sentences import row_words

# More strokes than this are grouped, several units each.
MOST_STROKES = 60
# The part of a stroke's place that stays empty.
GAP = 0.3


@dataclass(frozen=True, slots=True)
class Row:
    """Geometry of a row in per cent of its width. Parts overlap: each reaches from the start to its own end."""

    pitch: str
    stroke: str
    mine: str
    sure: str
    waiting: str
    words: str


def row_of(*, reserved: int, sure: int, waiting: int, target: int, mine: int = 0) -> Row:
    """The row for an offer's figures, in units. `mine` may run ahead of `reserved`, which is told a moment later."""
    reserved = max(reserved, mine)
    units = max(target, reserved, 1)
    group = -(-units // MOST_STROKES)
    strokes = -(-units // group)

    def reach(until: int) -> str:
        return f"{100 * -(-until // group) / strokes:.2f}%"

    return Row(
        pitch=f"{100 / strokes:.3f}%",
        stroke=f"{(1 - GAP) * 100 / strokes:.3f}%",
        mine=reach(mine),
        sure=reach(sure),
        waiting=reach(reserved),
        words=row_words(reserved=reserved, sure=sure, waiting=waiting, mine=mine, target=target),
    )
