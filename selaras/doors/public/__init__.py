"""The public door: pages anybody may read, light and without JavaScript."""
