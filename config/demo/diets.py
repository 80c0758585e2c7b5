"""What can honestly be said of the diets a product suits, from what the data file says of it.

Only what follows from the kind of goods itself, or from an allergen that it contains, is stated; whatever depends on a
recipe (rennet, gelatine, fining, stock) stays unknown, and unknown counts as not suitable.
"""

from config.demo_market.load import DemoProduct
from marketplace.rules.goods import DietState

# Kinds of goods of one plain ingredient, or of flour, water and salt.
_PLAIN = frozenset(
    {
        *("CANOLA OILS", "VEGETABLE/SALAD OIL", "CATSUP", "SALAD MUSTARD", "PICKLES", "TOMATO PASTE", "TOMATO SAUCE"),
        *("TOMATOES: STEWED/DICED/CRMD", "BEANS GREEN: FS/WHL/CUT", "VARIETY BEANS - KIDNEY PINTO", "PEAS GREEN"),
        *("CORN", "MUSHROOMS CND & GLASS", "PINEAPPLE", "MACARONI DRY", "SPAGHETTI DRY", "PEANUT BUTTER"),
        *("RICE - INSTANT & MICROWAVE", "FLOUR: WHITE & SELF RISING", "BAKING NUTS", "POTATOES: DRY"),
        *("SPRING WATER", "NON-CRBNTD DRNKING/MNERAL WATE", "TEA BAGS & BULK TEA", "TEA BAGS HERBAL & FLAVORED"),
        *("REGULAR BEAN", "GROUND COFFEE", "INSTANT COFFEE REGULAR", "TOMATO JUICE (OVER 50% JCE)"),
        *("FRZN BAGGED VEGETABLES - PLAIN", "DRIED FRUIT - OTHER", "INSTORE CUT FRUIT"),
        "CUT VEGETABLES ALL OTHER",
    }
)
# Without meat, though not without animals.
_VEGETARIAN = frozenset({"FLUID MILK WHITE ONLY", "BUTTER", "SOUR CREAMS", "HONEY"})
_NOT_VEGAN = frozenset({"milk", "eggs"})
_OF_ANIMALS = frozenset({"fish", "crustaceans", "molluscs"})
_ORGANIC = "organic"
_MEAT_IN_THE_NAME = ("PORK", "CHICK", "BEEF", "MEAT", "GRND/PATTY")


def diets_of(product: DemoProduct) -> dict[str, str]:
    """The states that are known; diets that are not named are unknown."""
    known = {diet: state.value for diet, state in _plants_or_animals(product).items()}
    if product.title.lower().startswith(_ORGANIC):
        known[_ORGANIC] = DietState.SUITABLE.value
    return known


def _plants_or_animals(product: DemoProduct) -> dict[str, DietState]:
    contained = set(product.allergens)
    if _is_meat_or_fish(product):
        return {"vegetarian": DietState.UNSUITABLE, "vegan": DietState.UNSUITABLE}
    if product.source_type in _PLAIN or (product.category in ("vegetables", "fruit") and product.allergens_complete):
        return {"vegetarian": DietState.SUITABLE, "vegan": DietState.SUITABLE}
    if product.category == "eggs" or product.source_type in _VEGETARIAN:
        return {"vegetarian": DietState.SUITABLE, "vegan": DietState.UNSUITABLE}
    if contained & _NOT_VEGAN:
        return {"vegan": DietState.UNSUITABLE}
    return {}


def _is_meat_or_fish(product: DemoProduct) -> bool:
    if product.category in ("meat", "fish") or _OF_ANIMALS & set(product.allergens):
        return True
    if product.category == "frozen":
        return any(word in product.source_type for word in _MEAT_IN_THE_NAME)
    return product.source_type in ("BROTH", "PREPARED BEANS - BAKED W/PORK")
