"""Says events to Celery's first worker: a loop of `delay`."""

from benchmarks.peers import celery_app
from benchmarks.peers.producing import events, wait_for_go

if __name__ == "__main__":
    first = celery_app.row if "rows" in celery_app.work.settings()["database_urls"] else celery_app.issue
    todo = events()
    with celery_app.app.pool.acquire(block=True) as connection:
        connection.ensure_connection()
    wait_for_go()
    for one in todo:
        first.delay(one)
