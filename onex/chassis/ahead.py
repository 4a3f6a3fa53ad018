"""Work done ahead: while its caller waits for PostgreSQL, the next piece is made ready."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Ahead(Generic[Result]):
    """A call that has begun beside its caller.

    In a worker, where eventlet makes threads green, it runs when the caller waits for something; elsewhere it is a
    thread. It must not touch what its caller uses meanwhile. A process may end in the middle of it.
    """

    def __init__(self, call: Callable[[], Result]) -> None:
        self._call = call
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._call()
        except BaseException as error:  # it is the caller's, who will ask
            self._error = error

    def result(self) -> Result:
        """What the call returned, or raised, once it has."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result
