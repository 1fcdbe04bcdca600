"""The office door: pages for officers, in sign-in sessions."""
