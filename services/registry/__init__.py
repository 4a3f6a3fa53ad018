"""Registry: who may do what, and who watches them."""
