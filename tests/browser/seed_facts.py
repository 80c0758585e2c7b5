"""What seed.py and the tests both know, without setting up Django."""

PASSWORD = "quiet-harvest"
