"""Imports every area's models, so that the metadata is whole."""

import services.notifications.deliveries.models
import services.notifications.partners.models
import services.notifications.subscriptions.models  # noqa: F401
