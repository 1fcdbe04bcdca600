"""What the country can see: figures defined once, counted safely, published with a date."""
