"""What marks a test that starts Apache Spark: skipped where it is missing, unless SELARAS_SPARK=1 asks for it."""

import os

import pytest

from selaras.engines.linkage.spark.ready import NoSpark, ready


def why_not():
    """Say what is missing; empty when Spark can start."""
    try:
        ready()
    except NoSpark as missing:
        if os.environ.get("SELARAS_SPARK") == "1":
            raise
        return f"{missing.code}: make install-spark, and Java 17"
    return ""


MARKS = [pytest.mark.spark, pytest.mark.skipif(bool(why_not()), reason=why_not()), pytest.mark.timeout(600)]


def on_spark(test):
    """Mark a test."""
    for mark in MARKS:
        test = mark(test)
    return test
