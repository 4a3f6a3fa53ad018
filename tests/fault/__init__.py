"""Everything is broken on purpose: nothing is lost, and nothing happens twice."""
