"""The addresses of the sockets."""

from django.urls import URLPattern, path, re_path

from marketplace.consumers import NoSuchSocket, RoundConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/rounds/<int:round_id>/", RoundConsumer.as_asgi()),
    re_path(r"", NoSuchSocket.as_asgi()),
]
