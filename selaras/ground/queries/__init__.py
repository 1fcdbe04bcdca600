"""The questions of the ground: who is acting, which offices there are, what the ledger says."""
