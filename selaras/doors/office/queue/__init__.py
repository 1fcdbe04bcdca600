"""Forms that wait on a device without net and are sent once when it returns."""
