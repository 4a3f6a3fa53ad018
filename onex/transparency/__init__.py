"""What a transparency log is made of, without I/O: trees, tiles, signed heads, proofs. Its keeper and who checks it share it."""
