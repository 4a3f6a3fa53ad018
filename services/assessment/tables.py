"""The service's metadata, and the shared tables that web processes map."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from onex.chassis.access import access_key_table
from onex.chassis.database import NAMING


class Base(DeclarativeBase):
    """What every table of this service is declared with."""

    metadata = MetaData(naming_convention=NAMING)


AccessKey = access_key_table(Base)
