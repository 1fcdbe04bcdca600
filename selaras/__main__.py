"""Lets `python -m selaras` do what the `selaras` command does."""

from selaras.config.main import main

main()
