"""Pictures to send."""

from io import BytesIO

from PIL import Image


def picture(width: int = 40, height: int = 30, kind: str = "JPEG", **save: object) -> bytes:
    """The bytes of a plain picture."""
    written = BytesIO()
    Image.new("RGB", (width, height), "tomato").save(written, format=kind, **save)
    return written.getvalue()
