"""What the platform costs, measured beside others that do the same work on the same servers in the same run."""
