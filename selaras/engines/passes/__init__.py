"""The migrant worker's card: a small signed token for paper, a credential for the phone, and how both are verified with no network."""
