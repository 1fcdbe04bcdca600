"""The pages of stage one: what a village, a desk and a regency do before anybody leaves."""
