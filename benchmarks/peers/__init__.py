"""The same work as others do it, one file (or a pair) a peer."""
