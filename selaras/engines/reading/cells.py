"""Cells of a batch: cleaned, repaired where that is safe, noted, and rows without id or name set aside."""

import datetime
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from selaras.engines.reading.dates import FIRST_EVENT_YEAR, OLDEST, parse_date
from selaras.engines.reading.faults import Notes, Reject
from selaras.engines.reading.layouts import DateOrder
from selaras.engines.reading.nik import STRUCTURE, read_nik
from selaras.engines.reading.shapes import DATES, REPAIRED, REQUIRED, ROW_SCHEMA

MAX_CELL = 1_000  # characters; no name or place is longer

# Control characters, no-break and zero-width spaces.
_CONTROL = r"[\x00-\x1f\x7f\x{a0}\x{200b}-\x{200f}\x{2028}\x{2029}\x{feff}]"
# Those, and what must be looked at on the borders of a cell: white space, the apostrophe and formula marks of Excel.
_ODD = _CONTROL + r"|^[\s'’`=+@-]|\s$|^$"
_ODD_PHONE = _CONTROL + r"|^[\s'’`=@]|\s$|^$"
_APOSTROPHES = r"^['’`]+\s*"
_ISO, _SLASHED = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", r"^[0-9]{2}/[0-9]{2}/[0-9]{4}$"
_SIXTEEN = r"^[0-9]{16}$"
_FRACTION = r"^([0-9]+)[.,]0+$"
_EXPONENT = r"^[+]?[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}$"

Mark = tuple[str, str, pl.Expr]  # canonical column, note code, rows to count


class CellReader:
    """Reads batches of one file: knows which source column stands for which canonical one, and today's date.

    Each step is a few whole-column expressions; only values that those do not know are looked at one by one.
    """

    def __init__(
        self,
        columns: Mapping[str, str],
        headings: Mapping[str, str],
        today: datetime.date,
        orders: Mapping[str, DateOrder],
        epoch_1904: bool,
    ) -> None:
        """`columns`: canonical -> column of the frame; `headings`: column of the frame -> heading in the file."""
        self.columns, self.headings = columns, headings
        self.today, self.orders, self.epoch_1904 = today, orders, epoch_1904
        self.dates = [name for name in DATES if name in columns]

    def read(
        self,
        frame: pl.DataFrame,
        notes: Notes,
        numbers: Mapping[str, pl.Series] | None = None,
        plain: Collection[str] = (),
    ) -> tuple[pl.DataFrame, list[Reject]]:
        """Rows in `ROW_SCHEMA` and the rejects of a frame with `line` and text columns.

        `numbers`: canonical column -> mask of the cells that were numbers in a workbook; `plain`: columns of the frame
        already known to need no cleaning.
        """
        work = frame.select("line", **{name: pl.col(column) for name, column in self.columns.items()})
        work = self._cleaned(work, [name for name, column in self.columns.items() if column not in plain], notes)
        work = self._with_numbers(self._with_dates(work, notes), notes)
        if "nik" in self.columns:
            work = self._with_niks(work, (numbers or {}).get("nik"), notes)
        repaired = [name for name in REPAIRED if name in self.columns]
        source = frame.select(pl.col(self.columns[name]).alias(f"raw_{name}") for name in repaired)
        changed = [
            pl.when(pl.col(f"raw_{n}").ne_missing(pl.col(n)) & ((pl.col(f"raw_{n}") != "") | pl.col(n).is_not_null()))
            .then(pl.col(f"raw_{n}"))
            .alias(f"raw_{n}")
            for n in repaired
        ]
        empty = [pl.lit(None, pl.String).alias(name) for name in ROW_SCHEMA if name not in work.columns]
        empty = [column for column in empty if column.meta.output_name().removeprefix("raw_") not in repaired]
        rows = work.hstack(source).with_columns(*changed, *empty).select(*ROW_SCHEMA)
        return self._set_aside(frame, rows)

    def _set_aside(self, frame: pl.DataFrame, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[Reject]]:
        """Rows that may stay, and those without id or name or with a cell too long."""
        lengths = frame.select(pl.col(*self.headings).str.len_bytes().max().fill_null(0)).row(0, named=True)
        longs = [column for column, length in lengths.items() if length > MAX_CELL]
        bad = rows[REQUIRED[0]].is_null()
        for name in REQUIRED[1:]:
            bad = bad | rows[name].is_null()
        for column in longs:
            bad = bad | (frame[column].str.len_chars() > MAX_CELL).fill_null(False)
        if not bad.any():
            return rows, []
        rejects = []
        kept = zip(frame.filter(bad).iter_rows(named=True), rows.filter(bad).iter_rows(named=True), strict=True)
        for cells, row in kept:
            source = {heading: _short(cells[column]) for column, heading in self.headings.items()}
            long = next((column for column in longs if len(cells[column] or "") > MAX_CELL), None)
            if long is not None:
                params = {"length": len(cells[long]), "limit": MAX_CELL}
                canonical = next((name for name, column in self.columns.items() if column == long), None)
                reject = Reject(row["line"], canonical, _short(cells[long]), "cell.too_long", params, source)
            else:
                name = next(name for name in REQUIRED if row[name] is None)
                reject = Reject(row["line"], name, cells[self.columns[name]], f"{name}.missing", {}, source)
            rejects.append(reject)
        return rows.filter(~bad), rejects

    def _cleaned(self, work: pl.DataFrame, names: Sequence[str], notes: Notes) -> pl.DataFrame:
        """Without outer white space, control characters and the apostrophe of spreadsheets; empty is null."""
        if not names:
            return work
        odd = work.select(pl.col(name).str.contains(_ODD_PHONE if name == "phone" else _ODD) for name in names)
        found = odd.select(pl.all().any()).row(0, named=True)
        for name in names:
            if found[name]:
                mask = odd[name].fill_null(False)
                mended = _mend(name, work.filter(mask).select("line", name), notes)
                work = work.with_columns(work[name].scatter(mask.arg_true(), mended))
        return work

    def _with_dates(self, work: pl.DataFrame, notes: Notes) -> pl.DataFrame:
        """Date columns as ISO text; what is no day becomes null, with its reason noted."""
        if not self.dates:
            return work
        both = work.with_columns(_when(name, _ISO, "%Y-%m-%d").alias(f"{name}:day") for name in self.dates)
        for name in self.dates:
            day = f"{name}:day"
            if both[name].null_count() < both[day].null_count():
                month_first = self._order(name) == "mdy"
                slashed = both.select(_when(name, _SLASHED, "%m/%d/%Y" if month_first else "%d/%m/%Y")).to_series()
                both = both.with_columns(pl.coalesce(day, slashed.alias(day)))
                code = "date.month_first" if month_first else "date.day_first"
                _tally(both, [(name, code, pl.lit(slashed).is_not_null())], notes)
            if both[name].null_count() < both[day].null_count():
                rest = both[name].is_not_null() & both[day].is_null()
                found = self._one_by_one(name, both.filter(rest), notes)
                both = both.with_columns(both[day].scatter(rest.arg_true(), found))
        return self._within_reason(both, notes).select(work.columns)

    def _within_reason(self, both: pl.DataFrame, notes: Notes) -> pl.DataFrame:
        """Days that can be: born before today and before the event, events neither ancient nor to come."""
        marks: list[Mark] = []
        kept: dict[str, pl.Expr] = {}
        for name in self.dates:
            day = pl.col(f"{name}:day")
            is_birth = name == "birth_date"
            # An event of tomorrow is allowed: the clocks of missions in the east run ahead.
            latest = self.today if is_birth else self.today + datetime.timedelta(days=1)
            first = datetime.date(self.today.year - OLDEST if is_birth else FIRST_EVENT_YEAR, 1, 1)
            marks += [(name, "date.future", day > latest), (name, "date.implausible", day < first)]
            kept[name] = pl.when((day <= latest) & (day >= first)).then(day)
        if len(kept) == len(DATES):
            # No one is registered before birth: a system dated the event, a hand the birth, so the birth is put aside.
            birth, event = kept["birth_date"], kept["event_date"]
            marks.append(("birth_date", "date.birth_after_event", birth > event))
            kept["birth_date"] = pl.when((birth > event).fill_null(False)).then(None).otherwise(birth)
        _tally(both, marks, notes)
        return both.with_columns(day.dt.to_string("%Y-%m-%d").alias(name) for name, day in kept.items())

    def _order(self, name: str) -> DateOrder:
        return self.orders.get(name, "dmy")

    def _one_by_one(self, name: str, rows: pl.DataFrame, notes: Notes) -> pl.Series:
        """Dates in any other form, each different one parsed once."""
        known: dict[str, tuple[datetime.date | None, str | None]] = {}
        texts = rows[name].to_list()
        for text in texts:
            if text not in known:
                known[text] = parse_date(text, self.today, self._order(name), self.epoch_1904)
        _tally_codes(notes, name, [known[text][1] for text in texts], rows["line"])
        return pl.Series([known[text][0] for text in texts], dtype=pl.Date())

    def _with_numbers(self, work: pl.DataFrame, notes: Notes) -> pl.DataFrame:
        """Numbers that a spreadsheet saved with a fraction or an exponent."""
        marks: list[Mark] = []
        ready: dict[str, pl.Expr] = {}
        for name in ("row_id", "passport", "phone"):
            if name in self.columns:
                marks.append((name, "number.float", pl.col(name).str.contains(_FRACTION)))
                ready[name] = pl.col(name).str.replace(_FRACTION, "${1}")
        if "phone" in self.columns:
            marks.append(("phone", "phone.scientific", pl.col("phone").str.contains(_EXPONENT)))
            ready["phone"] = pl.when(~pl.col("phone").str.contains(_EXPONENT)).then(ready["phone"])
        touched = {name for name, _ in _tally(work, marks, notes)}
        return work.with_columns(ready[name].alias(name) for name in touched) if touched else work

    def _with_niks(self, work: pl.DataFrame, numbers: pl.Series | None, notes: Notes) -> pl.DataFrame:
        values = work["nik"]
        whole = values.str.contains(STRUCTURE)
        doubtful = whole.not_().fill_null(False)
        if doubtful.any():
            rows = work.filter(doubtful)
            births = rows["birth_date"].to_list() if "birth_date" in self.columns else [None] * rows.height
            read = [
                read_nik(text, datetime.date.fromisoformat(birth) if birth else None)
                for text, birth in zip(rows["nik"].to_list(), births, strict=True)
            ]
            _tally_codes(notes, "nik", [code for _, code in read], rows["line"])
            mended = pl.Series([value for value, _ in read], dtype=pl.String)
            wrong = mended.str.contains(r"^[1-9][0-9]{15}$") & ~mended.str.contains(STRUCTURE)
            _tally(rows, [("nik", "nik.structure", pl.lit(wrong))], notes)
            values = values.scatter(doubtful.arg_true(), mended)
            work = work.with_columns(values)
        # Serials begin at 0001, so 0000 is left only where a spreadsheet kept fifteen digits of sixteen.
        rounded = pl.col("nik").str.ends_with("0000") & pl.col("nik").str.contains(STRUCTURE)
        if numbers is not None:  # of a number it always does, and shows the sixteenth as 0
            rounded = rounded | (pl.lit(numbers) & pl.col("nik").str.contains(r"^[0-9]{15}0$"))
        ends = values.str.ends_with("0")
        if ends.any():
            _tally(work.filter(ends) if numbers is None else work, [("nik", "nik.excel_rounded", rounded)], notes)
        return work


def _mend(name: str, rows: pl.DataFrame, notes: Notes) -> pl.Series:
    """The cells of one column that have something odd about them, cleaned."""
    text = pl.col(name)
    marks: list[Mark] = [(name, "text.control_removed", text.str.contains(r"[\x00-\x08\x0e-\x1f\x7f]"))]
    text = text.str.replace_all(_CONTROL + "+", " ").str.strip_chars()
    # On numbers an apostrophe only keeps Excel from counting; elsewhere it may be a letter (`'Aisyah`).
    mark = _APOSTROPHES if name in REPAIRED else r"^'+[=+@-]"
    marks.append((name, "text.apostrophe", text.str.contains(mark)))
    text = pl.when(text.str.contains(mark)).then(text.str.replace(_APOSTROPHES, "")).otherwise(text)
    if name != "phone":
        marks.append((name, "text.formula", text.str.contains(r"^[=@]|^[+-][^\d\s]")))
    _tally(rows, marks, notes)
    return rows.select(pl.when(text != "").then(text).alias(name)).to_series()


def _when(name: str, pattern: str, form: str) -> pl.Expr:
    text = pl.col(name)
    return pl.when(text.str.contains(pattern)).then(text).str.to_date(form, strict=False)


def _tally(rows: pl.DataFrame, marks: Sequence[Mark], notes: Notes) -> list[tuple[str, str]]:
    """Count each mark and note the lines of those that occur; returns (column, code) of these."""
    counts = rows.select(expression.sum().alias(str(place)) for place, (_, _, expression) in enumerate(marks)).row(0)
    seen = []
    for (name, code, expression), count in zip(marks, counts, strict=True):
        if count:
            notes.add(name, code, rows.filter(expression)["line"].head(Notes.KEPT_LINES).to_list(), int(count))
            seen.append((name, code))
    return seen


def _tally_codes(notes: Notes, name: str, codes: Sequence[str | None], line: pl.Series) -> None:
    by_code: dict[str, list[int]] = {}
    for code, number in zip(codes, line.to_list(), strict=True):
        if code is not None:
            by_code.setdefault(code, []).append(number)
    for code, lines in by_code.items():
        notes.add(name, code, lines)


def _short(text: str | None) -> str | None:
    return text if text is None or len(text) <= MAX_CELL else text[:MAX_CELL]
