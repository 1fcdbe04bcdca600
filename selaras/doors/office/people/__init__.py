"""The pages of the register: find a person, open her record, register, correct, add."""
