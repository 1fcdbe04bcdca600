"""What is handed over on paper: laid out from plain values, never from markup that somebody typed."""
