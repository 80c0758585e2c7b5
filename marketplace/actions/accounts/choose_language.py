"""A person reads in another language, on every device."""

from marketplace.models import User


def choose_language(*, language: str, by: User) -> None:
    """Keep the code (like "pt"); it is for the caller to know that it is one of settings.LANGUAGES."""
    User.objects.filter(pk=by.pk).update(language=language)
