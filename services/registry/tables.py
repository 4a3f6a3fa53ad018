"""The registry's metadata, and the shared tables that web processes map."""

from onex.chassis.access import access_key_table
from onex.chassis.database import new_base

Base = new_base()
AccessKey = access_key_table(Base)
