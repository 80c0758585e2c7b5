from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "marketplace"

    def ready(self) -> None:
        # Subscribing is importing: the relay finds every handler once the app is ready.
        import marketplace.handlers
        import marketplace.notice_handlers  # noqa: F401
