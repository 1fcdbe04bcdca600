"""Selaras: one worker, one record, one journey, from village to village."""
