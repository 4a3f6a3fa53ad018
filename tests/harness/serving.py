"""The web side of a service on a port, for tests that come with a browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import make_server

from onex.chassis.health import HealthDoors
from onex.chassis.web.mounting import Router
from onex.cli.services import web_of
from tests.harness.service import Service


@contextmanager
def served(service: Service) -> Iterator[str]:
    """Where the service answers until the block ends."""
    doors = Router(web_of(service.name, service.settings).routes, HealthDoors({}))
    server = make_server("127.0.0.1", 0, doors, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
