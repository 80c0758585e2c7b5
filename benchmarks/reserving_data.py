"""The market that the reserving benchmark asks: one open window, 10,000 capped offers, a crowd of households.

The offers' caps are wide except the first one's, on which all clients meet. Made by the database itself, in seconds.
"""

from typing import NamedTuple

from psycopg import Connection

ROUND_ID = WINDOW_ID = HOT_OFFER_ID = 1
HOT_CAP = 500
WIDE_CAP = 100_000


class Size(NamedTuple):
    """How much of everything there is."""

    offers: int = 10_000
    people: int = 12_000


_STATEMENTS = (
    """INSERT INTO marketplace_hub (name, slug, time_zone, currency, address, email, gln, names_shown_to_merchants)
       VALUES ('Hub', 'hub', 'UTC', 'EUR', '', 'hub@example.org', '', false)""",
    """INSERT INTO marketplace_merchant (name, slug, email, language, gln, place)
       VALUES ('Merchant', 'merchant', 'm@example.org', 'en', '', '')""",
    "INSERT INTO marketplace_category (name, slug, motif, position) VALUES ('All', 'all', 'basket', 0)",
    "INSERT INTO marketplace_taxclass (name, rate_basis_points) VALUES ('food', 600)",
    "INSERT INTO marketplace_round (hub_id, name, handover_on) VALUES (1, 'Round', current_date + 2)",
    """INSERT INTO marketplace_handover (round_id, starts_at, ends_at)
       VALUES (1, now() + interval '2 days', now() + interval '2 days 2 hours')""",
    """INSERT INTO marketplace_orderingwindow
           (round_id, name, state, opens_at, fills_at, closes_at, after_close, grace_minutes, send_above_minor)
       VALUES (1, 'Window', 'open', now() - interval '1 hour', now() + interval '5 hours',
               now() + interval '6 hours', 'send', 10, 0)""",
    """INSERT INTO marketplace_product (merchant_id, category_id, name, description, gtin, sku, pack, content_amount,
           content_unit, catch_weight, storage_class, shelf_life_days, allergens, tax_class_id, is_active)
       SELECT 1, 1, 'Product ' || g, '', '', 'SKU-' || g, '', 1, 'H87', false, 'ambient', 30, '{}', 1, true
       FROM generate_series(1, %(offers)s) g ORDER BY g""",
    """INSERT INTO marketplace_capacity ("limit", taken)
       SELECT CASE WHEN g = 1 THEN %(hot)s ELSE %(wide)s END, 0 FROM generate_series(1, %(offers)s) g ORDER BY g""",
    """INSERT INTO marketplace_offer (window_id, product_id, from_stock, "case", splittable, multiple, split_fee_minor,
           hub_flexible, shortage_rule, capacity_id, price_unit, price_units_numerator, price_units_denominator,
           billing_unit, billing_units_numerator, billing_units_denominator, weight_margin_percent, version)
       SELECT 1, g, false, 6, false, 1, 0, 0, 'max_min', g, 'H87', 1, 1, 'H87', 1, 1, 10, 1
       FROM generate_series(1, %(offers)s) g ORDER BY g""",
    """INSERT INTO marketplace_pricestep (offer_id, from_quantity, cost_minor, unit_price_minor)
       SELECT g, q, c, p FROM generate_series(1, %(offers)s) g, (VALUES (6, 195, 240), (36, 170, 210)) s (q, c, p)""",
    # Some demand on every offer, as pages know it: telling how a line stands is part of the answer.
    """INSERT INTO marketplace_offerdemand (offer_id, window_id, version, groups, refreshed_at)
       SELECT g, 1, 1, '[[null, "case", false, 20, 3, 8], [220, "price", false, 5, 0, 2]]', now()
       FROM generate_series(1, %(offers)s) g""",
    """INSERT INTO marketplace_user (password, is_superuser, email, name, language, is_active, is_staff, joined_at)
       SELECT '!', false, 'p' || g || '@example.org', 'Person ' || g, '', true, false, now()
       FROM generate_series(1, %(people)s) g ORDER BY g""",
    "INSERT INTO marketplace_household (name, created_at) SELECT name, now() FROM marketplace_user ORDER BY id",
    """INSERT INTO marketplace_householdmember (household_id, user_id, joined_at)
       SELECT id, id, now() FROM marketplace_user""",
    "ANALYZE",
)


def fill(connection: Connection, size: Size) -> None:
    """Make it, in an empty and migrated database (ids start at 1)."""
    for statement in _STATEMENTS:
        connection.execute(statement, {**size._asdict(), "hot": HOT_CAP, "wide": WIDE_CAP})
