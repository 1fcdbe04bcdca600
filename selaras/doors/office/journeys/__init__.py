"""The pages of a journey: its steps, its papers, what waits for an office, and who comes in from the side."""
