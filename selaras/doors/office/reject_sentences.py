"""What stops a file, a column or a row, in a sentence each: what is wrong, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.note_sentences import COLUMNS, NOTES

SIZES = frozenset({"size", "limit", "before", "after"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is wrong, and what to do next."""

    what: str
    next: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.next}".strip()


FAULTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "file.missing": (_("The file is not there, or may not be read."), _("Check its name and place, then try again.")),
    "file.empty": (_("The file is empty."), _("Ask the sender for the file again.")),
    "file.no_rows": (
        _("The file has a header (line %(header_line)s) but no rows below it."),
        _("Ask the sender whether the export ran to its end."),
    ),
    "file.growing": (
        _("The file is still being written: it grew from %(before)s to %(after)s while we looked."),
        _("Wait until the export has ended, then hand it in again."),
    ),
    "file.changed": (
        _("The file changed while it was being read; nothing of it was taken in."),
        _("Wait until nobody writes to it any more, then try again."),
    ),
    "file.cut": (
        _("The file stops in the middle of line %(line)s: %(got)s of %(expected)s columns are there."),
        _("The copy broke off. Ask the sender for the whole file."),
    ),
    "file.too_large": (
        _("The file is larger than %(limit)s."),
        _("Ask the sender to split it, or your administrator to raise the limit."),
    ),
    "file.damaged": (
        _("The kept file does not open: it was altered or is gone from the disk."),
        _("Hand the file in again, and tell your administrator."),
    ),
    "disk.full": (_("The disk is full; nothing was kept."), _("Tell your administrator to make room, then try again.")),
    "our.fault": (
        _("The work stopped by a fault of ours; nothing was changed."),
        _("Try again. If it stops again, tell your administrator the time."),
    ),
    "memory.too_little": (
        _("At most %(limit)s of memory may be used, but these files need about %(size)s; nothing was written."),
        _("Allow more, or run it on a larger machine."),
    ),
    "memory.gone": (
        _("The memory of this machine was not enough; nothing was written."),
        _("End other programs or use a larger machine, then try again."),
    ),
    "folder.in_use": (
        _("Another run is writing to this folder; nothing was changed."), _("Wait for it, or name another folder.")
    ),
    "spark.no_pyspark": (
        _("Apache Spark is not installed: the package pyspark is missing."),
        _("Run make install-spark in the program folder, or link without --engine spark."),
    ),
    "spark.no_java": (
        _("Apache Spark needs Java %(least)s or newer, and none was found."),
        _("Install it, or name its folder in JAVA_HOME, or link without --engine spark."),
    ),
    "spark.old_java": (
        _("Apache Spark needs Java %(least)s or newer; this is Java %(found)s."),
        _("Name the folder of a newer one in JAVA_HOME, or link without --engine spark."),
    ),
    "spark.failed": (
        _("Apache Spark gave up (%(reason)s); nothing was changed."),
        _("Look into Spark's own log and at the memory of its executors, then run the same command again."),
    ),
    "veiled.broken": (
        _("The encoded file is damaged or cut off."), _("Ask the sender to encode the register again."),
    ),
    "veiled.twice": (_("This file is encoded already."), _("Name the register itself.")),
    "veiled.mixed": (
        _("This file is not encoded, but others named with it are: the two kinds cannot be linked with one another."),
        _("Name encoded files only, or registers only."),
    ),
    "veiled.no_index": (
        _("A linkage of encoded files cannot be kept to add to later."), _("Link all encoded files anew, without --index and --onto."),
    ),
    "veiled.other_key": (
        _("This file was encoded with another key than %(other)s, so that nothing in them can agree."),
        _("Have both registers encoded again with one key."),
    ),
    "veiled.other_rules": (
        _("This file was encoded by a version of Selaras that reads names otherwise than the one that encoded %(other)s."),
        _("Have both registers encoded again by one version."),
    ),
    "veiled.other_scheme": (
        _("This file was encoded by a version of Selaras whose encoding this one does not read."),
        _("Have the register encoded again by this version."),
    ),
    "key.missing": (_("The key file is not there."), _("Check its name, or make one with --new-key.")),
    "key.there": (_("There is a key in this file already; it was left as it is."), _("Leave out --new-key to use it.")),
    "key.open": (_("Others on this machine can read the key."), _("Take their right away (chmod 600), then try again.")),
    "key.unreadable": (_("This file holds no linkage key."), _("Name the file that selaras encode --new-key made.")),
    "key.length": (_("The key in this file is cut off."), _("Ask the key's keeper for it again.")),
    "cancelled": (
        _("The delivery was stopped; nothing of it was kept."),
        _("Hand the file in again if it is to be taken in after all."),
    ),
    "unmapped": (
        _("We cannot tell for sure which column is which."),
        _("Say which heading stands for which column; it is remembered for the next delivery."),
    ),
    "kind.unsupported": (
        _("This is no table that we can read, but %(kind)s."),
        _("Hand in CSV, XLSX, XLS, ODS or Parquet."),
    ),
    "encoding.unsupported": (
        _("The text is written in an encoding that we cannot read (%(encoding)s)."),
        _("Ask the sender to export it as UTF-8."),
    ),
    "delimiter.unknown": (
        _("The columns cannot be told apart: neither comma, semicolon, tab nor bar parts them."),
        _("Ask the sender to export it with semicolons."),
    ),
    "header.missing": (
        _("No header was found in the first %(looked_at)s rows."),
        _("Ask the sender to leave the row with the column names in the file."),
    ),
    "header.too_wide": (
        _("The file has more than %(most)s columns."),
        _("No register is that wide. Ask the sender whether rows and columns were swapped."),
    ),
    "workbook.locked": (
        _("The workbook is locked with a password."),
        _("Ask the sender for it without a password; it is encrypted here."),
    ),
    "workbook.broken": (
        _("The workbook is damaged or cut off and does not open."),
        _("Ask the sender for it again, best as CSV."),
    ),
    "workbook.too_big": (
        _("The workbook has %(size)s; up to %(limit)s are read."),
        _("Ask the sender for CSV or Parquet: those are read at any size."),
    ),
    "workbook.too_big_unpacked": (
        _("The workbook would swell to more than %(limit)s when unpacked."),
        _("It is not opened. Ask the sender for CSV, and where the workbook comes from."),
    ),
    "workbook.too_many_cells": (
        _("The sheet spans %(cells)s cells; up to %(limit)s are read."),
        _("Ask the sender to delete what stands far outside the table, or for CSV."),
    ),
    "workbook.no_sheet": (_("The workbook has no sheet called %(sheet)s."), _("Choose one of its sheets: %(sheets)s.")),
    "parquet.broken": (_("The Parquet file is damaged or cut off."), _("Ask the sender for it again.")),
    "parquet.nested": (
        _("The column %(heading)s holds lists or groups instead of single values."),
        _("Ask the sender for a flat table."),
    ),
    "column.missing": (
        _("No column was found for %(canonical)s."),
        _("Choose the heading that stands for it, or say that the file has none."),
    ),
    "column.renamed": (
        _("The heading %(heading)s is not in this file; the nearest is %(nearest)s."),
        _("Choose the heading that stands for %(canonical)s."),
    ),
    "column.doubled": (
        _("The heading %(heading)s stands in the file more than once (columns %(positions)s)."),
        _("Choose which of them is %(canonical)s."),
    ),
    "column.shared": (
        _("The heading %(heading)s was chosen for more than one column (%(canonicals)s)."),
        _("Choose another heading for one of them."),
    ),
    "column.unknown": (_("There is no column called %(canonical)s."), _("Choose one from the list.")),
    "layout.other": (
        _("This looks like %(found)s, but it was handed in as %(expected)s."),
        _("Hand it in again as %(found)s."),
    ),
    "row_id.missing": (
        _("The row has no id of its own, so it could never be updated or withdrawn."),
        _("Ask the owner of the register to give the row its id."),
    ),
    "name.missing": (_("The row has no name."), _("Ask the owner of the register to enter the name.")),
    "columns.few": (
        _("The line has %(got)s columns instead of %(expected)s."),
        _("A separator is missing in the line: mend it at the source."),
    ),
    "columns.many": (
        _("The line has %(got)s columns instead of %(expected)s."),
        _("A separator stands inside a value: put that value in quotes at the source."),
    ),
    "quote.unclosed": (
        _("A quotation mark is opened in this line and never closed."),
        _("Close it or take it out at the source."),
    ),
    "encoding.undecodable": (
        _("The line holds bytes that are no letters in the encoding of the file."),
        _("Export the line again as UTF-8."),
    ),
    "line.too_long": (
        _("The line is %(length)s characters long; up to %(limit)s are read."),
        _("A line end is missing: mend it at the source."),
    ),
    "cell.too_long": (
        _("The value is %(length)s characters long; up to %(limit)s fit."),
        _("Something else stands in this column: mend it at the source."),
    ),
    "line.cut": (
        _("The file stops in the middle of this line: %(got)s of %(expected)s columns are there."),
        _("Ask the sender for the whole file."),
    ),
    "agreement.unknown": (
        _("No agreement has the number “%(agreement)s”; without one no register is taken in."),
        _("Give the number of the agreement under which the file was handed over."),
    ),
    "agreement.not_yet": (
        _("The agreement %(agreement)s is not in force yet."),
        _("Wait for its first day, or name the agreement that is in force."),
    ),
    "agreement.ended": (
        _("The agreement %(agreement)s has ended."),
        _("Name the agreement that is in force, or have a new one signed."),
    ),
    "agreement.not_register": (
        _("The agreement %(agreement)s does not cover the register %(source)s."),
        _("Name the agreement that covers it."),
    ),
    "agreement.not_purpose": (
        _("The agreement %(agreement)s does not allow this register to be reconciled."),
        _("Name the agreement whose clause allows it."),
    ),
    "agreement.not_columns": (
        _("The agreement %(agreement)s does not let these columns flow: %(missing)s."),
        _("Without them no row can be told; have the clause widened."),
    ),
    "run_going": (
        _("Another linkage is running at this moment; the deliveries are taken in."),
        _("Wait until it has ended, then run the command again."),
    ),
    "run_lost": (
        _("The linkage was taken over by another process; nothing of this one was kept."),
        _("Look at the newest run, or start it again."),
    ),
    "register.unknown": (_("There is no register called %(source)s."), _("Choose one from the list.")),
    "delivery.not_waiting": (
        _("This delivery does not wait for its columns to be named."),
        _("Look at its page to see how it stands."),
    ),
    "delivery.over": (
        _("This delivery is over and cannot be stopped any more."),
        _("Look at its page to see how it ended."),
    ),
    "delivery.not_stuck": (
        _("This delivery has not failed, so there is nothing to try again."),
        _("Look at its page to see how it stands."),
    ),
    "delivery.handed_in_again": (
        _("This very file has been handed in again meanwhile."),
        _("Look for the newer delivery in the list."),
    ),
    "delivery.wiped": (
        _("The file and the rows that were set aside were wiped, because their last day is past."),
        _("Ask the ministry for the file again and hand it in."),
    ),
    "delivery.past_its_day": (
        _("Nobody said which column is which until the last day on which the file was kept; it was wiped unread."),
        _("Ask the ministry for the file again and hand it in."),
    ),
}


def sentence(code: str, params: Mapping[str, Any] | None = None) -> Sentence:
    """Give the sentence of a code in the reader's language; a code may carry the text at fault behind a colon."""
    code, _colon, detail = code.partition(":")
    shown = _Shown(code, {**(params or {}), "detail": detail})
    if code in NOTES:
        return Sentence(str(NOTES[code]) % shown)
    what, following = FAULTS[code] if code in FAULTS else FAULTS["our.fault"]
    return Sentence(str(what) % shown, str(following) % shown)


def say(code: str, params: Mapping[str, Any]) -> str:
    """Give the whole sentence as one text, for the reject file."""
    return str(sentence(code, params))


def column(canonical: str) -> str:
    """Give the name of a canonical column in the reader's language."""
    return str(COLUMNS.get(canonical, canonical))


class _Shown(dict[str, Any]):
    """The parameters as they are written: sizes with their unit, columns by name, lists with commas, none as a dash."""

    def __init__(self, code: str, params: Mapping[str, Any]) -> None:
        super().__init__(params)
        self.code = code

    def __getitem__(self, key: str) -> str:
        value = self.get(key)
        if value is None or value == "":
            return "—"
        if key in SIZES and isinstance(value, int) and self.code.startswith(("file.", "memory.", "workbook.too_big")):
            return filesizeformat(value)
        if isinstance(value, list | tuple):
            return ", ".join(column(str(item)) for item in value)
        return column(value) if key == "canonical" else str(value)
