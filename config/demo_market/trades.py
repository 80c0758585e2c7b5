"""The invented side of the demo market: merchants, shopping categories, deposits. Nothing here is in the source."""

# key, name, place, lead hours, minimum order value, small-order fee (cents or None), reseller or agent
MERCHANTS: tuple[tuple[str, str, str, int, int | None, int | None, str], ...] = (
    ("vale", "Quinta do Vale", "Palmela", 14, 4000, 450, "agent"),
    ("pomar", "Pomar da Encosta", "Alcobaça", 18, 4000, None, "agent"),
    ("norte", "Padaria Norte", "Mafra", 10, 3000, 350, "reseller"),
    ("ribeira", "Leitaria da Ribeira", "Azeitão", 18, 6000, 600, "reseller"),
    ("queijo", "Queijaria Monte Claro", "Serpa", 24, 5000, None, "agent"),
    ("granja", "Granja Bela Vista", "Torres Vedras", 18, 5000, 500, "agent"),
    ("talho", "Talho Figueiredo", "Montijo", 20, 8000, None, "reseller"),
    ("mare", "Peixaria Maré Alta", "Sesimbra", 12, 6000, 800, "agent"),
    ("moinho", "Moinho Azul", "Évora", 48, 7500, None, "reseller"),
    ("conservas", "Casa das Conservas", "Setúbal", 48, 6000, 500, "reseller"),
    ("azeite", "Lagar Oliveira & Neto", "Moura", 48, None, None, "reseller"),
    ("fonte", "Fonte Clara Bebidas", "Luso", 36, 8000, 900, "reseller"),
    ("torra", "Torra & Folha", "Lisboa", 24, 2500, 300, "reseller"),
    ("polar", "Gelo e Campo", "Loures", 30, 10000, 1200, "reseller"),
    ("doce", "Doçaria Aurora", "Óbidos", 36, 4000, None, "reseller"),
    ("lar", "Casa Limpa", "Amadora", 48, 5000, 500, "reseller"),
)
# slug (also the key of the drawn motif): name
CATEGORIES: dict[str, str] = {
    "vegetables": "Vegetables",
    "fruit": "Fruit",
    "bread": "Bread and pastry",
    "dairy": "Milk, yogurt and butter",
    "cheese": "Cheese",
    "eggs": "Eggs",
    "meat": "Meat and poultry",
    "fish": "Fish and seafood",
    "pantry": "Pantry",
    "drinks": "Drinks, coffee and tea",
    "sweets": "Sweets and snacks",
    "frozen": "Frozen",
    "household": "Household and pets",
}
# slug: name, amount in cents
DEPOSITS: dict[str, tuple[str, int]] = {
    "glass-bottle": ("Returnable glass bottle", 20),
    "pet-bottle": ("Returnable plastic bottle", 10),
}
