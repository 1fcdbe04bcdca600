"""The pages of contracts and costs: what was promised beside what is, and who paid how much for what."""
