"""Gives a worker's doors what its process holds: `vault = Provided("vault")`."""

from typing import Any

from nameko.extensions import DependencyProvider


class Provided(DependencyProvider):
    """One entry of the container's config (see `onex/messaging/worker.py`)."""

    def __init__(self, key: str) -> None:
        self.key = key

    def get_dependency(self, worker_ctx: Any) -> Any:
        return self.container.config[self.key]
