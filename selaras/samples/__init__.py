"""An invented nation to try everything on: no person, number or agency in it is real."""
