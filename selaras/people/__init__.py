"""The register: persons, numbers, kin, presence."""
