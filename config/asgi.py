"""Sockets, and in the embedded form the pages too, under an ASGI server."""

import os
import warnings

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

# Whitenoise hands files over piece by piece; reading one in the event loop for a moment is what it is meant to do.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

# First: the apps have to be loaded before the sockets' modules are.
pages = get_asgi_application()

from marketplace.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": pages,
        # A browser's socket from a foreign page carries the user's cookie: only our own hosts may open one.
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
