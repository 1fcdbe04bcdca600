"""Reads the files that ministries really hand over: any form in, canonical rows out, every fault named."""

from selaras.engines.reading.faults import FAULT_CODES, Fault, FaultCode, Note, Reject, Unreadable
from selaras.engines.reading.layouts import USUAL_TRUST, DateOrder, Event, Layout, load_layouts, read_layout, recognise
from selaras.engines.reading.mapping import Proposal, check_mapping, is_fatal, propose_mapping
from selaras.engines.reading.reading import read
from selaras.engines.reading.rejects import write_rejects
from selaras.engines.reading.shapes import (
    CANONICAL,
    DATES,
    REPAIRED,
    REQUIRED,
    ROW_SCHEMA,
    SUPERSEDED_SCHEMA,
    Batch,
    Form,
)
from selaras.engines.reading.sniffing import sniff

__all__ = [
    "CANONICAL",
    "DATES",
    "FAULT_CODES",
    "REPAIRED",
    "REQUIRED",
    "ROW_SCHEMA",
    "SUPERSEDED_SCHEMA",
    "USUAL_TRUST",
    "Batch",
    "DateOrder",
    "Event",
    "Fault",
    "FaultCode",
    "Form",
    "Layout",
    "Note",
    "Proposal",
    "Reject",
    "Unreadable",
    "check_mapping",
    "is_fatal",
    "load_layouts",
    "propose_mapping",
    "read",
    "read_layout",
    "recognise",
    "sniff",
    "write_rejects",
]
