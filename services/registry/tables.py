"""The registry's metadata, and the shared tables that web processes map."""

from onex.chassis.access import access_key_table
from onex.chassis.database import new_base
from services.registry.history import recording

Base = new_base()
AccessKey = access_key_table(Base)
recording.attach(Base)  # here, so that no process maps a record whose changes would go unrecorded
