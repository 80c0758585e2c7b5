"""The drawn stand-ins for pictures that static/icons/motifs.svg holds."""

MOTIFS = [
    "vegetables",
    "fruit",
    "bread",
    "dairy",
    "cheese",
    "eggs",
    "meat",
    "fish",
    "pantry",
    "drinks",
    "sweets",
    "frozen",
    "household",
    "basket",
]
