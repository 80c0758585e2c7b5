"""Sockets, and in the embedded form the pages too, under an ASGI server."""

import os
import warnings

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

# Whitenoise hands files over piece by piece; reading one in the event loop for a moment is what it is meant to do.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

# First: the apps have to be loaded before the sockets' modules are.
pages = get_asgi_application()

from marketplace.accounts.socket_door import SocketDoor  # noqa: E402
from marketplace.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": SocketDoor(URLRouter(websocket_urlpatterns)),
    }
)
