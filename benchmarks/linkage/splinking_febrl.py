"""Splink 5 on the FEBRL files with the comparisons and rules of its own example for them, in a process of its own.

Writes clusters_<threshold>.parquet and cost.json into OUT, as `splinking` does.
"""

import argparse
import logging
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.linkage.splinking import clustered

_PLACES = ("given_name", "surname", "street_number", "address_1", "suburb", "postcode", "state", "soc_sec_id")


def plain(path: Path) -> pl.DataFrame:
    """The columns of its example; the birth date with dashes."""
    born = pl.col("date_of_birth")
    dated = pl.concat_str([born.str.slice(0, 4), born.str.slice(4, 2), born.str.slice(6, 2)], separator="-")
    rows = pl.read_parquet(path).select(unique_id="rec_id", date_of_birth=dated, **{name: pl.col(name) for name in _PLACES})
    return rows.with_columns(source_dataset=pl.lit(path.stem))


def settings(two: bool) -> SettingsCreator:
    """Names with their frequencies, the date, the number, and where she lives."""
    return SettingsCreator(
        link_type="link_only" if two else "dedupe_only",
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("postcode", [1, 2]),
            cl.JaroWinklerAtThresholds("suburb", [0.9]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("soc_sec_id"),
            block_on("given_name", "surname"),
            block_on("given_name", "date_of_birth"),
            block_on("surname", "date_of_birth"),
            block_on("date_of_birth", "postcode"),
            block_on("given_name", "postcode"),
            block_on("surname", "postcode"),
            block_on("street_number", "address_1"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def main() -> None:
    """Link, write, and say what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    asked.out.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    api = DuckDBAPI(connection)
    tables: Any = [api.register(plain(path).to_arrow(), dataset_display_name=path.stem) for path in asked.files]
    two = len(tables) > 1
    linker = Linker(tables if two else tables[0], settings(two), log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], recall=0.9
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6 + 1)
    for rule in (block_on("date_of_birth"), block_on("postcode"), block_on("given_name", "surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    clustered(linker, connection, asked.out)


if __name__ == "__main__":
    main()
