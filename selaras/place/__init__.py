"""Stage two: the right work, a contract that is kept, a gate that explains itself."""
