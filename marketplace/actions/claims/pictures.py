"""What becomes of an uploaded picture: upright, without what the camera noted, no larger than a screen needs."""

from io import BytesIO
from typing import NamedTuple

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from marketplace.errors import InvalidInput
from marketplace.rules.pictures import MOST_PIXELS

MOST_BYTES = 12_000_000
LONGEST_EDGE = 1600
_QUALITY = 78
_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")


class Picture(NamedTuple):
    """A WebP file and its size in pixels."""

    content: bytes
    width: int
    height: int


def clean_picture(uploaded: bytes) -> Picture:
    """The picture of an upload. Raises InvalidInput, in the reader's words, for what is none or is too large."""
    if len(uploaded) > MOST_BYTES:
        raise _refused(_("This picture is larger than 12 MB. Take it again with a lower resolution."))
    try:
        with Image.open(BytesIO(uploaded), formats=_FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise _refused(_("This picture has too many pixels. Take it again with a lower resolution."))
            found.verify()
        # A verified file has to be opened anew.
        with Image.open(BytesIO(uploaded), formats=_FORMATS) as found:
            return _clean(found)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise _refused(_("This file is no picture that can be read. Send a JPEG, PNG or WebP.")) from None


def _clean(found: Image.Image) -> Picture:
    upright = ImageOps.exif_transpose(found)
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    shown = upright.convert("RGBA")
    # Onto a new sheet: nothing of the file but its pixels comes along.
    sheet = Image.new("RGB", shown.size, "white")
    sheet.paste(shown, mask=shown.getchannel("A"))
    written = BytesIO()
    sheet.save(written, format="WEBP", quality=_QUALITY)
    return Picture(written.getvalue(), *sheet.size)


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput(problems=[{"place": "photos", "problem": sentence}])
