"""Known layouts of the ministries' files: which header means which canonical column."""

import re
from collections.abc import Iterable

CANONICAL = (
    "row_id", "nik", "name", "birth_place", "birth_date", "sex", "mother", "passport", "phone", "regency", "village",
    "country", "city", "status", "agency", "sector", "event_date",
)  # fmt: skip

_SHARED = {
    "nik": "nik", "nama": "name", "tempat_lahir": "birth_place", "tgl_lahir": "birth_date", "jk": "sex",
    "nama_ibu": "mother", "no_paspor": "passport", "no_hp": "phone", "kab_asal": "regency", "desa": "village",
}  # fmt: skip
LAYOUTS: dict[str, dict[str, str]] = {
    "siskop2mi": {
        "id_s": "row_id", **_SHARED, "negara_tujuan": "country", "p3mi": "agency", "sektor": "sector",
        "tgl_daftar": "event_date", "id_pmi": "row_id", "nama_lengkap": "name", "tanggal_lahir": "birth_date",
        "jenis_kelamin": "sex", "nama_ibu_kandung": "mother", "kab_kota_asal": "regency",
    },
    "peduliwni": {
        "id_p": "row_id", **_SHARED, "negara": "country", "kota": "city", "status": "status", "tgl_lapor": "event_date",
        "no_registrasi": "row_id", "l_p": "sex", "nomor_paspor": "passport", "telepon": "phone",
        "kabupaten_kota": "regency", "desa_kelurahan": "village", "tanggal_lapor_diri": "event_date",
    },
    "canonical": {name: name for name in CANONICAL},
}  # fmt: skip
_MARKERS = {
    "siskop2mi": {"id_s", "id_pmi", "p3mi", "negara_tujuan", "tgl_daftar", "sektor"},
    "peduliwni": {"id_p", "no_registrasi", "kota", "tgl_lapor", "tanggal_lapor_diri", "telepon"},
    "canonical": {"row_id", "name", "birth_date", "event_date", "passport"},
}


class UnknownLayout(ValueError):
    """The header fits no known layout, or a required column is missing; the text says which, without any value."""


def plain_header(header: str) -> str:
    """A header in lower case with underscores: `NO. PASPOR` → `no_paspor`."""
    return re.sub(r"[^a-z0-9]+", "_", header.strip().lstrip("\ufeff").lower()).strip("_")


def recognise(headers: Iterable[str], layout: str | None = None) -> dict[str, str]:
    """Mapping header → canonical column, by the named layout or by the header itself; raises `UnknownLayout`."""
    by_plain = {plain_header(header): header for header in headers}
    if layout is not None and layout not in LAYOUTS:
        raise UnknownLayout(f"There is no layout {layout!r}; known are {', '.join(LAYOUTS)}.")
    chosen = layout or max(_MARKERS, key=lambda name: len(_MARKERS[name] & by_plain.keys()))
    mapping: dict[str, str] = {}
    for known, canonical in LAYOUTS[chosen].items():
        if known in by_plain and canonical not in mapping.values():
            mapping[by_plain[known]] = canonical
    missing = {"row_id", "name"} - set(mapping.values())
    if missing:
        raise UnknownLayout(
            f"The header fits layout {chosen!r} best but has no column for {' and '.join(sorted(missing))}."
            f" Found: {', '.join(list(by_plain)[:12])}."
        )
    return mapping
