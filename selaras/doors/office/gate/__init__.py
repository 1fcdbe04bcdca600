"""The pages of the departure gate: who waits, each line with why, the decision, a second person, an appeal, a record to keep."""
