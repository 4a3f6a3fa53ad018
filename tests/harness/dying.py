"""Work whose process dies in the middle of it."""

from typing import Any


def dying(work: type[Any], in_step: int) -> type[Any]:
    """The job's class, but that its process dies in one of its steps, before the commit."""

    class Dies(work):  # type: ignore[misc]
        steps = 0

        def step(self, session: Any) -> Any:
            progress = super().step(session)
            Dies.steps += 1
            if Dies.steps == in_step:
                raise TimeoutError("died before its commit")
            return progress

    return Dies
