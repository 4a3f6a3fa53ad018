"""Credit bank: what a certificate is worth, and whose account it was booked to."""
