"""Makes the key pair for web push, to be put into the environment of a production installation."""

from typing import Any

from django.core.management.base import BaseCommand

from marketplace.actions.notices.push_keys import new_private_key


class Command(BaseCommand):
    help = "Prints a new private key for web push. Changing it later ends every subscription."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"VAPID_PRIVATE_KEY={new_private_key()}")
        self.stdout.write("VAPID_SUBJECT=mailto:you@your-domain.example")
