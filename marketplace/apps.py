from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketplaceConfig(AppConfig):
    name = "marketplace"
    verbose_name = _("Marketplace")

    def ready(self) -> None:
        # Subscribing is importing: the relay finds every handler once the app is ready.
        import marketplace.accounts.first_step
        import marketplace.handlers
        import marketplace.money_handlers
        import marketplace.notice_handlers
        import marketplace.order_handlers  # noqa: F401
        from marketplace.integrity import areas

        areas.register_all()
