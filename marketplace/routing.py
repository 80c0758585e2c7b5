"""The addresses of the sockets."""

from django.urls import URLPattern, path, re_path

from marketplace.consumers import NoSuchSocket, OwnConsumer, RoundConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/rounds/<int:round_id>/", RoundConsumer.as_asgi()),
    path("ws/me/", OwnConsumer.as_asgi()),
    re_path(r"", NoSuchSocket.as_asgi()),
]
