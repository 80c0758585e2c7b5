"""A text as a QR code, drawn into the page."""

from dataclasses import dataclass

import segno
from django.utils.safestring import SafeString, mark_safe

# Modules of quiet ground that scanners want around it.
QUIET = 3


@dataclass(frozen=True, slots=True)
class QrCode:
    """`path` draws the dark modules in a square of `size` by `size`, quiet ground included, as rows of strokes."""

    size: int
    path: str

    @property
    def svg(self) -> SafeString:
        """An inline SVG: dark on light in both schemes, as scanners want it."""
        return mark_safe(  # noqa: S308 - made of numbers, the text is not in it
            f'<svg class="qr" viewBox="0 0 {self.size} {self.size}" aria-hidden="true" shape-rendering="crispEdges">'
            f'<path fill="#fff" d="M0 0h{self.size}v{self.size}h-{self.size}z"/>'
            f'<path fill="#000" d="{self.path}"/></svg>'
        )

    @property
    def document(self) -> str:
        """The same as a whole SVG file."""
        namespace = 'xmlns="http://www.w3.org/2000/svg"'
        return (
            f'<svg {namespace} viewBox="0 0 {self.size} {self.size}" shape-rendering="crispEdges">'
            f'<path fill="#fff" d="M0 0h{self.size}v{self.size}h-{self.size}z"/>'
            f'<path fill="#000" d="{self.path}"/></svg>'
        )

    def __str__(self) -> str:
        return self.svg

    def __html__(self) -> str:
        return self.svg


def qr_code(text: str) -> QrCode:
    """The code of a text, with room for a smudge (level M)."""
    code = segno.make(text, error="m", micro=False)
    rows = [[bool(cell) for cell in row] for row in code.matrix]
    strokes = [f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return QrCode(len(rows) + 2 * QUIET, "".join(strokes))
