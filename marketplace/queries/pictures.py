"""Where pictures of products lie, and which of them there are."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage

from marketplace.models import ProductPicture
from marketplace.rules.pictures import FORMATS, SIZES, file_name


def picture_store() -> Storage:
    """The folder of the re-encoded files; nothing in it is as it was uploaded."""
    return FileSystemStorage(location=settings.PICTURES_DIR)


def rendition(digest: str, size: int, extension: str) -> bytes | None:
    """The bytes of a rendition of a picture that a product has; None where there is none. One query."""
    if size not in SIZES or extension not in FORMATS or not ProductPicture.objects.filter(digest=digest).exists():
        return None
    store, name = picture_store(), file_name(digest, size, extension)
    if not store.exists(name):
        return None
    with store.open(name) as file:
        return bytes(file.read())
