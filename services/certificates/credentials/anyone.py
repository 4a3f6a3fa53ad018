"""What is public may be read by a page in a browser on any site: a verifier may be one (CORS, Fetch Standard)."""

from flask import Response, request


def for_anyone(answer: Response) -> Response:
    """After a request of a blueprint whose reads are public: its answers, refusals too, are for every origin."""
    if request.method in ("GET", "HEAD"):
        answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
