"""An application served over HTTP in this process, for whoever needs an address: browsers, validators."""

from collections.abc import Iterator
from threading import Thread

from flask import Flask
from werkzeug.serving import make_server


def serve(app: Flask) -> Iterator[str]:
    """The application's address until it is no longer wanted."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
