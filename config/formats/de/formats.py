"""German: the day is an ordinal, the decimal sign a comma."""

DAY = "D j. M"
DAY_WITH_YEAR = "D j. M Y"
CLOCK = "H:i"
