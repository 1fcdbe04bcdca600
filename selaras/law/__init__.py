"""What must hold, as dated data with a source."""
