"""`onex`: commands for operators, developers and containers."""
