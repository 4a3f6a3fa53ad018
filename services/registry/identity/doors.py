"""The one blueprint of identity; its doors are in api.py, people_api.py and sessions_api.py."""

from onex.chassis.web import Blueprint

blp = Blueprint("identity", "identity", description="Clients, people, sessions, tokens, keys")

# An answer that holds a secret is kept by nobody on its way.
NO_STORE = {"Cache-Control": "no-store"}
