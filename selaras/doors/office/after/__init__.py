"""The pages of what became of a journey after departure: arrival, change of employer, extension, return."""
