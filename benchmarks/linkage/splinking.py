"""Splink 5 on two files in the style of its documents, in a process of its own: `python -m benchmarks.linkage.splinking`.

Nine comparisons, five blocking rules, u by sampling, three EM sessions of at most two million pairs. Placeholders are
nulled and spellings made plain beforehand, as its documents advise. Writes pairs.parquet, clusters_<threshold>.parquet and
cost.json into OUT; the cost is taken when the first threshold (.95, the documents') is clustered.
"""

import argparse
import json
import logging
import resource
import time
from pathlib import Path

import duckdb
import polars as pl
import psutil
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from selaras.engines.linkage.layouts import columns_of

THRESHOLDS = (0.95, 0.8, 0.9, 0.99, 0.999)
EM_PAIRS = 2_000_000
LEAST_LISTED = 0.01
TEXTS = ("name", "birth_place", "mother", "regency")


def plain(path: Path) -> pl.DataFrame:
    """A register as its documents would prepare it: plain capitals, numbers of the right length, no placeholders."""
    headings = columns_of(list(pl.read_parquet_schema(path)))
    chosen = {"unique_id": headings["row_id"]} | {
        name: headings[name] for name in (*TEXTS, "birth_date", "nik", "passport", "sex", "phone")
    }
    rows = pl.scan_parquet(path).select(pl.col(heading).cast(pl.String).alias(own) for own, heading in chosen.items())
    text = pl.col(*TEXTS).str.to_uppercase().str.replace_all(r"^(KAB\.|KABUPATEN|KOTA|DESA) ?", "")
    text = text.str.replace_all(r"[^A-Z ]", "").str.replace_all(r" +", " ").str.strip_chars()
    nik, passport = pl.col("nik").str.replace_all(r"[^0-9]", ""), pl.col("passport").str.to_uppercase()
    passport = passport.str.replace_all(r"[^A-Z0-9]", "")
    no_nik = (nik.str.len_chars() != 16) | nik.str.contains(r"0{10}") | nik.is_in(["1234567890123456"])
    for digit in "0123456789":
        no_nik = no_nik | (nik == digit * 16)
    no_passport = (passport.str.len_chars() < 6) | passport.str.contains(r"0{6}|1{6}|9{6}|123456")
    phone = pl.col("phone").str.replace_all(r"[^0-9]", "").str.replace(r"^0", "62")
    rows = rows.with_columns(
        text,
        nik=pl.when(~no_nik).then(nik),
        passport=pl.when(~no_passport).then(passport),
        phone=pl.when(phone.str.len_chars() >= 8).then(phone),
        birth_date=pl.col("birth_date").str.slice(0, 10),
    )
    return rows.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in TEXTS).collect()


def settings() -> SettingsCreator:
    """Comparisons and rules."""
    return SettingsCreator(
        link_type="link_and_dedupe",
        comparisons=[
            cl.NameComparison("name").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
            cl.DamerauLevenshteinAtThresholds("nik", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("passport", [1]),
            cl.JaroWinklerAtThresholds("birth_place", [0.9]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("mother", [0.92, 0.8]),
            cl.ExactMatch("sex"),
            cl.ExactMatch("phone"),
            cl.JaroWinklerAtThresholds("regency", [0.9]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("nik"),
            block_on("passport"),
            block_on("name", "birth_date"),
            block_on("birth_date", "substr(name, 1, 3)"),
            block_on("name", "birth_place", "substr(birth_date, 1, 4)"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def train(linker: Linker) -> None:
    """Learn as the documents say: a share of matches from sure rules, u by sampling, m in three sessions."""
    sure = [block_on("nik"), block_on("passport"), block_on("name", "birth_date")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.8)
    linker.training.estimate_u_using_random_sampling()
    sessions = (block_on("nik"), block_on("birth_date", "substr(name, 1, 3)"), block_on("name", "birth_place"))
    for rule in sessions:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=EM_PAIRS)


def main() -> None:
    """Link, write, and say what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--memory", default="13GB", help="DuckDB's limit; what is over it is spilled beside OUT")
    asked = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    asked.out.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        config={"memory_limit": asked.memory, "temp_directory": str(asked.out / "spill"), "preserve_insertion_order": False}
    )
    api = DuckDBAPI(connection)
    tables = [api.register(plain(asked.data / f"{name}.parquet").to_arrow(), dataset_display_name=name) for name in "sp"]
    linker = Linker(tables, settings(), log_level=logging.ERROR)
    train(linker)
    pairs = clustered(linker, connection, asked.out)
    sql = f"SELECT unique_id_l AS left, unique_id_r AS right, match_probability AS probability FROM {pairs}"
    connection.sql(sql).write_parquet(str(asked.out / "pairs.parquet"))


def clustered(linker: Linker, connection: duckdb.DuckDBPyConnection, out: Path) -> str:
    """Score the pairs, write the clusters of each threshold into `out`, and what the first one has cost; name the table of pairs."""
    predicted = linker.inference.predict(threshold_match_probability=LEAST_LISTED)
    for at, threshold in enumerate(THRESHOLDS):
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold)
        sql = f"SELECT unique_id AS rec_id, cluster_id FROM {clusters.physical_name}"
        connection.sql(sql).write_parquet(str(out / f"clusters_{threshold}.parquet"))
        if at == 0:
            say_cost(out)
    return str(predicted.physical_name)


def say_cost(out: Path) -> None:
    """Write what this process has cost until now: wall since it began, CPU, peak memory."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cost = {
        "wall_s": round(time.time() - psutil.Process().create_time(), 2),
        "cpu_s": round(used.ru_utime + used.ru_stime, 2),
        "peak_mb": round(used.ru_maxrss / 1024),
    }
    (out / "cost.json").write_text(json.dumps(cost))


if __name__ == "__main__":
    main()
