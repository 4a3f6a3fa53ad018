"""A partner's webhook receiver: a real HTTP server that verifies signatures, remembers what came, and answers by plan."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import orjson
from standardwebhooks import Webhook, WebhookVerificationError

CLOSE = "close"
"""In a plan: hang up without an answer."""
Step = int | str | float
"""A status to answer with, CLOSE, or (a float) seconds to wait before answering 200."""


class Receiver:
    """Answers 200 unless a plan says otherwise, and records every message; `accepted` are those it answered 2xx."""

    def __init__(self, plan: Iterable[Step] = (), always: Step = 200) -> None:
        self.secret: str | None = None
        """When set, a message whose signature does not verify is answered 401."""
        self.attempts: list[str] = []
        self.accepted: Counter[str] = Counter()
        self.messages: dict[str, Any] = {}
        self.headers: list[dict[str, str]] = []
        self.connections = 0
        self.most_at_once = 0
        self._at_once = 0
        self._plan, self._always = list(plan), always
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def now_always(self, step: Step) -> None:
        """Answer so from now on."""
        with self._changed:
            self._plan, self._always = [], step

    def wait_until(self, condition: Callable[["Receiver"], bool], within_s: float = 30.0) -> None:
        """Wait until something is true of what came; raise AssertionError with the counts when it never is."""
        deadline = time.monotonic() + within_s
        with self._changed:
            while not condition(self):
                left = deadline - time.monotonic()
                assert left > 0, f"{len(self.attempts)} attempts, {len(self.accepted)} messages accepted"
                self._changed.wait(left)

    def take(self, headers: Mapping[str, str], body: bytes) -> Step:
        """Record a message; returns what to answer."""
        with self._changed:
            message_id = headers.get("webhook-id", "")
            step = self._plan.pop(0) if self._plan else self._always
            if self.secret is not None:
                try:
                    Webhook(self.secret).verify(body, dict(headers))
                except WebhookVerificationError:
                    step = 401
            self.attempts.append(message_id)
            self.headers.append(dict(headers))
            self.messages[message_id] = orjson.loads(body)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self._changed.notify_all()
            return step

    def answered(self, message_id: str, status: int) -> None:
        with self._changed:
            self._at_once -= 1
            if 200 <= status < 300:
                self.accepted[message_id] += 1
            self._changed.notify_all()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            receiver.connections += 1

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            step = receiver.take(headers, body)
            status = step if isinstance(step, int) else 200
            try:
                if step == CLOSE:
                    self.close_connection = True
                    status = 0
                    return
                if isinstance(step, float):
                    time.sleep(step)  # a slow receiver is what is being played
                self.send_response(status)
                if status in (301, 302, 307, 308):
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")
            except OSError:
                status = 0
            finally:
                receiver.answered(headers.get("webhook-id", ""), status)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    return Handler
