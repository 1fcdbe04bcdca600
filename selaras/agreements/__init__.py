"""Promises between governments and ministries, clause by clause, and what each allows."""
