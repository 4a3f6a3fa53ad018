"""Every step of an event's life is the last of some process once; then the books are compared."""
