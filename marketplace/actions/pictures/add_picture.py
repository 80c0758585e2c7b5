"""Add a picture to a product: checked, turned upright, stripped of everything but its pixels, and made small."""

from hashlib import sha256
from io import BytesIO
from typing import NoReturn

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from marketplace import clock
from marketplace.access import merchants_of
from marketplace.actions.setting_up import require_platform
from marketplace.errors import InvalidInput
from marketplace.models import Product, ProductPicture, User
from marketplace.queries.pictures import picture_store
from marketplace.rules.pictures import CARD_BYTES, FORMATS, MOST_BYTES, MOST_PIXELS, SIZES, file_name

# What cameras and shops hand out. No SVG: it may carry a script.
_READABLE = ("JPEG", "PNG", "WEBP", "AVIF")
_QUALITIES = (60, 45, 32, 20)


@transaction.atomic
def add_picture(*, product: Product, content: bytes, by: User) -> ProductPicture:
    """The product's picture, in place of one that it had. The same content twice is the same files.

    Raises NotAllowed for others than the merchant's members and platform staff, InvalidInput where the file is too
    large, or no picture that can be read.
    """
    if not merchants_of(by).filter(pk=product.merchant_id).exists():
        require_platform(by)
    upright = _read(content)
    digest = sha256(content).hexdigest()[:32]
    store = picture_store()
    for size in SIZES:
        square = ImageOps.fit(upright, (size, size), Image.Resampling.LANCZOS)
        for extension in FORMATS:
            name = file_name(digest, size, extension)
            if not store.exists(name):
                store.save(name, ContentFile(_encoded(square, extension)))
    shown = {"digest": digest, "width": upright.width, "height": upright.height, "added_at": clock.now()}
    return ProductPicture.objects.update_or_create(product=product, defaults=shown)[0]


def check_picture(*, content: bytes) -> None:
    """Raises InvalidInput where the file is too large, or no picture that can be read; writes nothing."""
    _read(content)


def _read(content: bytes) -> Image.Image:
    """The pixels, upright, without metadata or transparency."""
    if len(content) > MOST_BYTES:
        _refuse(_("The file is larger than %(most)s MB. Choose a smaller one.") % {"most": MOST_BYTES // 1_000_000})
    try:
        with Image.open(BytesIO(content), formats=_READABLE) as found:
            if found.width * found.height > MOST_PIXELS:
                most = MOST_PIXELS // 1_000_000
                _refuse(_("The picture has more than %(most)s megapixels. Choose a smaller one.") % {"most": most})
            turned = ImageOps.exif_transpose(found).convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        _refuse(_("This is no picture that can be read. JPEG, PNG, WebP and AVIF can."))
    ground = Image.new("RGB", turned.size, "white")
    ground.paste(turned, mask=turned.getchannel("A"))
    return ground


def _refuse(problem: str) -> NoReturn:
    raise InvalidInput(problems=[{"place": "picture", "problem": problem}])


def _encoded(square: Image.Image, extension: str) -> bytes:
    """The best quality that keeps within what a card may load."""
    for quality in _QUALITIES:
        out = BytesIO()
        square.save(out, extension.upper(), quality=quality)
        if out.tell() <= CARD_BYTES:
            break
    return out.getvalue()
