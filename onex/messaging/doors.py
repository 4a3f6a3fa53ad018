"""How an entrypoint of ours calls its door: through nameko's worker, waiting for what it returns or raises."""

from functools import partial
from typing import Any

from eventlet.event import Event as Outcome
from nameko.extensions import Entrypoint


def call(entrypoint: Entrypoint, *arguments: Any) -> Any:
    """Run the entrypoint's method in a worker with its dependencies; return its result or raise its error here."""
    outcome: Outcome = Outcome()
    entrypoint.container.spawn_worker(entrypoint, arguments, {}, handle_result=partial(_deliver, outcome))
    return outcome.wait()


def _deliver(outcome: Outcome, _worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
    if exc_info:
        outcome.send_exception(*exc_info)
    else:
        outcome.send(result)
    return result, None  # the error is the entrypoint's to judge: nameko need not log it too
