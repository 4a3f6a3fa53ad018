"""Who calls: machine clients, their secrets, their tokens, and the keys that sign them."""
