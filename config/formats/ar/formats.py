"""Arabic with Latin figures: the ones that prices, labels and codes of the trade use."""

DAY = "l j M"
DAY_WITH_YEAR = "l j M Y"
CLOCK = "H:i"
DAY_TIME = "l j M، H:i"
DAY_TIME_WITH_YEAR = "j M Y، H:i"
SHORT_DAY = "j M"
SHORT_DAY_WITH_YEAR = "j M Y"
WEEKDAY = "l"
LONG_DAY = "l j F"
LONG_DAY_WITH_YEAR = "l j F Y"
LONG_DAY_TIME = "l j F Y، H:i"
# Kept in one piece from left to right (U+2066 … U+2069), whatever stands around it.
MONEY_WITH_SIGN = "\u2066{minus}{unit}{figure}\u2069"
MONEY_WITH_CODE = "\u2066{minus}{figure}\u00a0{unit}\u2069"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
