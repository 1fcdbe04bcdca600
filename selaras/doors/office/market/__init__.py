"""The pages of lawful demand: agencies, parties abroad, job orders, permits, countries, recruiting that was seen."""
