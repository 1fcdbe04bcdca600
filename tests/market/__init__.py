"""Lawful demand: licences, job orders, permits, countries."""
