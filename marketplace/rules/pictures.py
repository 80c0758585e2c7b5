"""Which files a product's picture becomes, and what may be uploaded."""

# Edges of the square renditions, in pixels: a card's picture on a plain and on a dense screen.
SIZES = (160, 320)
FORMATS = {"avif": "image/avif", "webp": "image/webp"}
# What may come in: bytes of the file, and pixels that it unfolds to.
MOST_BYTES = 8_000_000
MOST_PIXELS = 40_000_000
# What the picture of one card may weigh: a phone on a slow line loads dozens of them.
CARD_BYTES = 12_000


def file_name(digest: str, size: int, extension: str) -> str:
    """The name of a rendition: its address never shows another picture, so it may be kept for ever."""
    return f"{digest}-{size}.{extension}"
