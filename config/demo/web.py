"""Pages, API and sockets of the demo: uvicorn in a thread, on a loopback port taken beforehand."""

import socket
from threading import Thread

import uvicorn

HOST = "127.0.0.1"
PATIENCE = 6.0


class PortTaken(Exception):
    """Something else listens on the port. Argument: the port."""


def take_port(port: int) -> socket.socket:
    """The listening end, before anything else is done. Raises PortTaken."""
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # A connection of the last demo that is still ending does not keep the next one out; a listener does.
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
        taken.listen(128)
    except OSError as error:
        taken.close()
        raise PortTaken(port) from error
    return taken


class Web:
    """The server thread; `stop` closes open sockets and lets running requests end."""

    def __init__(self, taken: socket.socket) -> None:
        self._socket = taken
        config = uvicorn.Config(
            "config.asgi:application",
            log_level="warning",
            lifespan="off",
            access_log=False,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, kwargs={"sockets": [taken]}, name="web", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        self._socket.close()
