from django.apps import AppConfig

from config import celery  # noqa: F401 - the tasks that anyone sends go to this app's broker


class ConfigConfig(AppConfig):
    """Assembles the house: settings, addresses, and the commands that span every app."""

    name = "config"
