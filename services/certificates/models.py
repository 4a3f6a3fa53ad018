"""Imports every area's models, so that the metadata is whole."""
