"""Imports every area's models, so that the metadata is whole."""

import services.creditbank.accounts.models
import services.creditbank.ledger.models
import services.creditbank.ledger.standing_models
import services.creditbank.proposals.models  # noqa: F401
