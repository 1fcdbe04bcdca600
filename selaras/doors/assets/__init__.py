"""Front-end packages of the doors: which are used, and how they get from npm into the pages."""
