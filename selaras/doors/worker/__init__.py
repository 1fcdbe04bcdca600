"""The worker's door: her own page, light, without JavaScript, with a quick way out."""
