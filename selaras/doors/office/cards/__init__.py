"""The pages of the migrant worker's card in an office: its state, issuing, renewing, replacing, suspending, revoking, the paper."""
