"""What the tests of the embedded database share: asking it, and starting it in a process of its own."""

import os
import time
from pathlib import Path

import psycopg

IS_ROOT = os.geteuid() == 0
ROOT_DIR = Path(__file__).parents[2]

ENSURE = """
import sys
from pathlib import Path
from selaras.config.embedded import Embedded
database = Embedded(Path(sys.argv[1]))
print(database.ensure().app, database.status().data, sep="\\n")
"""


def ask(url: str, query: str) -> list:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query).fetchall()


def write(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def wait_for(condition, seconds=20):
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.05)
