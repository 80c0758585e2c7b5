"""Arabic with Latin figures: the ones that prices, labels and codes of the trade use."""

DAY = "D j M"
DAY_WITH_YEAR = "D j M Y"
CLOCK = "H:i"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
