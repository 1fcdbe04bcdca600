"""Pure calculation: plain values in, values and reasons out."""
