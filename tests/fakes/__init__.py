"""Partners and other outsiders, faked by small real servers."""
