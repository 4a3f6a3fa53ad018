"""The agreements that TEOs sign, without one of which in force nothing operates (OP-36)."""
