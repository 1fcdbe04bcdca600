"""Stories: what people do with the portal, told in a real browser, and the pictures of every page."""
