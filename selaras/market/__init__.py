"""Lawful demand: who may offer which work where."""
