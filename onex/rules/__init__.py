"""From a clause of the policy documents to its tests and its code, and back: `make rules`."""
