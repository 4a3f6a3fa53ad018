"""Certificate types, and the standards of their levels: drafted, reviewed, published."""
