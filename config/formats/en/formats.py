"""English as the market writes it: day before month, 24 hours. Names of our own stand beside Django's."""

DAY = "D j M"
DAY_WITH_YEAR = "D j M Y"
CLOCK = "H:i"
DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
