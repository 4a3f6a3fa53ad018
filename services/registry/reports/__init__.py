"""What the parties report and when, what TEOs file and are invited to, the cases and suggestions that come of it."""
