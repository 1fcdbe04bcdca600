"""The jobs that orders name: their codes, groups and labels, read once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Job:
    """One job, or a group of jobs (without a code), as a page names it."""

    id: str
    label: str
    label_en: str
    isco: str = ""
    groups: tuple[str, ...] = ()

    def named(self, language: str) -> str:
        """Name it in a language."""
        return self.label if language.startswith("id") else self.label_en


@cache
def _read() -> tuple[dict[str, Job], dict[str, Job]]:
    data = tomllib.loads((Path(__file__).parent / "jobs.toml").read_text(encoding="utf-8"))
    groups = {row["id"]: Job(**row) for row in data["groups"]}
    jobs = {row["id"]: Job(**{**row, "groups": tuple(row["groups"])}) for row in data["jobs"]}
    for job in jobs.values():
        if strange := set(job.groups) - set(groups):
            raise ValueError(f"jobs.toml ({job.id}): {sorted(strange)[0]} is no group")
    if len(jobs) != len(data["jobs"]) or set(jobs) & set(groups):
        raise ValueError("jobs.toml: two rows share an id")
    return jobs, groups


def jobs() -> dict[str, Job]:
    """Give every job by its id."""
    return _read()[0]


def groups() -> dict[str, Job]:
    """Give every group of jobs by its id."""
    return _read()[1]


def covering(job: str) -> tuple[str, ...]:
    """Give what a rule must name to cover a job: every job (the empty name), its groups, itself."""
    found = jobs().get(job)
    return ("", *(found.groups if found else ()), job) if job else ("",)


def job_name(job: str, language: str = "id") -> str:
    """Name a job or a group of jobs; the id itself when it is not known."""
    found = jobs().get(job) or groups().get(job)
    return job if found is None else found.named(language)
