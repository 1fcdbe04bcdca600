"""The steps of a run: read the rows, keep persons' ids, choose their values, lay everything down, switch."""
