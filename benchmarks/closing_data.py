"""The window that the closing benchmark closes, made by the database itself in a minute, the same every time.

200 merchants with 100 offers each (fewer for small runs), reservations of 10 lines on skewed offers. 8 % of the offers
are capped at 60 % of their demand, 2 % leave a case open; the others fill their cases of 1, 6 or 12. 5 % of the lines
have a price limit, 10 % flexible units, and every fifth household took an extra in an earlier window.
"""

from typing import NamedTuple

from psycopg import Connection, sql

WINDOW_ID = 2
LINES_PER_RESERVATION = 10


class Size(NamedTuple):
    """How much of everything there is."""

    lines: int
    offers: int
    merchants: int

    @property
    def reservations(self) -> int:
        """Reservations, each of another household."""
        return self.lines // LINES_PER_RESERVATION


def size_of(lines: int) -> Size:
    """The measure of the trade: 50 lines an offer, 100 offers a merchant."""
    offers = max(100, lines // 50)
    return Size(lines // LINES_PER_RESERVATION * LINES_PER_RESERVATION, offers, max(1, offers // 100))


# Columns that the measure is not about take their types' plainest values.
_PLAIN_VALUES = """
DO $$ DECLARE c record; BEGIN
    FOR c IN SELECT table_name, column_name, data_type FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name LIKE 'marketplace_%' AND is_nullable = 'NO'
               AND column_default IS NULL AND is_identity = 'NO'
               AND data_type IN ('text', 'character varying', 'jsonb', 'boolean', 'integer', 'smallint', 'bigint')
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER %I SET DEFAULT %L', c.table_name, c.column_name,
            CASE WHEN c.data_type = 'jsonb' THEN '[]' WHEN c.data_type = 'boolean' THEN 'false'
                 WHEN c.data_type LIKE '%int%' THEN '0' ELSE '' END);
    END LOOP;
    ALTER TABLE marketplace_hub ALTER join_policy SET DEFAULT 'open', ALTER no_show_rule SET DEFAULT 'keep';
END $$
"""

_GROUND = """
SELECT setseed(0.42);
INSERT INTO marketplace_hub (id, name, slug, time_zone, currency, address, email, gln, names_shown_to_merchants)
VALUES (1, 'Mercado', 'mercado', 'Europe/Lisbon', 'EUR', 'Rua das Flores 12', 'hub@example.org', '', false);
INSERT INTO marketplace_category (id, name, slug, motif, position) VALUES (1, 'Food', 'food', 'basket', 0);
INSERT INTO marketplace_taxclass (id, name, rate_basis_points) VALUES (1, 'Food', 600);
INSERT INTO marketplace_round (id, hub_id, name, handover_on)
VALUES (1, 1, 'The round before', current_date), (2, 1, 'The round', current_date + 7);
INSERT INTO marketplace_handover (id, round_id, starts_at, ends_at)
SELECT id, id, handover_on + time '17:00', handover_on + time '19:00' FROM marketplace_round;
INSERT INTO marketplace_orderingwindow
    (id, round_id, name, state, opens_at, fills_at, closes_at, after_close, grace_minutes, send_above_minor)
VALUES (1, 1, 'Before', 'closed', now() - interval '20 d', now() - interval '8 d', now() - interval '7 d', 'send',
        10, 0),
       (2, 2, 'Now', 'open', now() - interval '2 d', now() - interval '1 h', now() - interval '1 s', 'send', 10, 0);
INSERT INTO marketplace_merchant (id, name, slug, email, language, gln, place)
SELECT m, 'Merchant ' || m, 'merchant-' || m, 'orders' || m || '@example.org', 'en', '', ''
  FROM generate_series(1, {merchants}) m;
INSERT INTO marketplace_supply
    (id, merchant_id, hub_id, minimum_order_value_minor, lead_hours, cut_off_minutes, sells_as, payout_days, is_active)
SELECT id, id, 1, 5000, 12, 60, 'reseller', 14, true FROM marketplace_merchant;
INSERT INTO marketplace_windowsupply (window_id, supply_id, orders_due_at)
SELECT 2, id, now() + interval '1 h' FROM marketplace_supply;
INSERT INTO marketplace_product
    (id, merchant_id, category_id, name, description, gtin, sku, pack, content_amount, content_unit, catch_weight,
     storage_class, shelf_life_days, allergens, tax_class_id, is_active)
SELECT p, 1 + (p - 1) % {merchants}, 1, 'Product ' || p, '', '', 'SKU-' || p, '', 1, 'H87', false, 'ambient', 9, '{{}}',
       1, true
  FROM generate_series(1, {offers}) p;
INSERT INTO marketplace_offer
    (id, window_id, product_id, from_stock, "case", splittable, multiple, split_fee_minor, hub_flexible, shortage_rule,
     price_unit, price_units_numerator, price_units_denominator, billing_unit, billing_units_numerator,
     billing_units_denominator, weight_margin_percent, version)
SELECT w * 1000000 + p - 2000000, w, p, false,
       CASE WHEN p % 100 < 8 THEN 1 + 5 * (p % 2) WHEN p % 100 < 10 THEN 12 WHEN p % 100 < 40 THEN 6
            WHEN p % 100 < 55 THEN 12 ELSE 1 END,
       false, 1, 0, p % 4, CASE WHEN p % 3 = 0 THEN 'first_come' ELSE 'max_min' END, 'H87', 1, 1, 'H87', 1, 1, 10, 1
  FROM generate_series(1, {offers}) p, generate_series(1, 2) w WHERE w = 2 OR p = 1;
INSERT INTO marketplace_pricestep (offer_id, from_quantity, cost_minor, unit_price_minor)
SELECT o.id, s.q, s.c + o.product_id % 300, s.p + o.product_id % 300
  FROM marketplace_offer o, (VALUES (1, 100, 150), (40, 90, 135), (120, 80, 125)) s (q, c, p) WHERE o.window_id = 2;
INSERT INTO marketplace_household (id, name, created_at)
SELECT h, 'Household ' || h, now() FROM generate_series(1, {reservations}) h;
INSERT INTO marketplace_reservation (id, round_id, household_id, handover_id, state, version, created_at, changed_at)
SELECT h, 2, h, 2, 'placed', 1, now() - interval '1 d', now() - interval '1 d'
  FROM generate_series(1, {reservations}) h;
"""

# Thirteen draws towards the popular end, of which the first ten different ones are kept.
_LINES = """
INSERT INTO marketplace_reservationline
    (reservation_id, offer_id, window_id, firm, flexible, flexible_for, max_unit_price_minor, whole_only, placed_at,
     raised, substitutes)
SELECT r, o, 2, 1 + floor(random() ^ 2 * 4)::int,
       CASE WHEN random() < 0.1 THEN 1 + floor(random() * 3)::int ELSE 0 END,
       (ARRAY['case', 'price', 'order'])[1 + floor(random() * 3)::int],
       CASE WHEN random() < 0.05 THEN 120 + (o - 1) % {offers} % 300 + floor(random() * 30)::int END,
       false, now() - interval '1 d' + r * interval '0.5 s', '[]', '[]'
  FROM (SELECT r, o, row_number() OVER (PARTITION BY r ORDER BY hashint4(r # o)) AS place
          FROM (SELECT DISTINCT r, 1 + floor(random() ^ 2 * {offers})::int AS o
                  FROM generate_series(1, {reservations}) r, generate_series(1, 13)) drawn) chosen
 WHERE place <= 10;
"""

_TERMS = """
CREATE TEMP TABLE wanted AS
SELECT offer_id, sum(firm) AS firm, sum(flexible) AS flexible FROM marketplace_reservationline WHERE window_id = 2
 GROUP BY offer_id;
-- Where nobody's flexible units fill the last case, the merchant sends single units.
UPDATE marketplace_offer o SET "case" = 1
  FROM wanted w
 WHERE w.offer_id = o.id AND product_id % 100 BETWEEN 10 AND 54
   AND (w.firm % o."case" = 0 OR o."case" - w.firm % o."case" > w.flexible / 2);
INSERT INTO marketplace_capacity (id, "limit", taken)
SELECT offer_id, greatest(1, firm * 6 / 10), 0 FROM wanted WHERE offer_id % 100 < 8;
UPDATE marketplace_offer o SET capacity_id = o.id FROM marketplace_capacity c WHERE c.id = o.id;
"""

_HISTORY = """
INSERT INTO marketplace_reservation (id, round_id, household_id, handover_id, state, version, created_at, changed_at)
SELECT {reservations} + h, 1, h, 1, 'placed', 1, now() - interval '9 d', now() - interval '9 d'
  FROM generate_series(5, {reservations}, 5) h;
INSERT INTO marketplace_reservationline
    (reservation_id, offer_id, window_id, firm, flexible, flexible_for, whole_only, placed_at, raised,
     substitutes)
SELECT r.id, o.id, 1, 1, 1 + r.household_id % 2, 'case', false, r.created_at, '[]', '[]'
  FROM marketplace_reservation r, marketplace_offer o WHERE r.round_id = 1 AND o.window_id = 1;
INSERT INTO marketplace_clearingrun (id, window_id, number, kind, closes_at, computed_at, input_hash)
SELECT 1, 1, 1, 'close', closes_at, closes_at, '' FROM marketplace_orderingwindow WHERE id = 1;
INSERT INTO marketplace_allocation (run_id, line_id, quantity, extra, charged_minor, reason)
SELECT 1, id, firm + flexible, flexible, 150 * (firm + flexible), 'extra_for_case'
  FROM marketplace_reservationline WHERE window_id = 1;
"""

_SEQUENCES = (
    *("clearingrun", "purchaseorder", "purchaseorderrevision", "offeroutcome", "allocation", "purchaseorderline"),
    *("dispatch", "outboxevent", "statechange"),
)


def fill(connection: Connection, size: Size) -> None:
    """Write everything into a migrated, empty database (autocommit connection)."""
    connection.execute(_PLAIN_VALUES)
    for text in (_GROUND, _LINES, _TERMS, _HISTORY):
        connection.execute(sql.SQL(text).format(**{name: sql.Literal(amount) for name, amount in _amounts(size)}))
    for table in _SEQUENCES:
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('marketplace_{table}', 'id'), "
            f"(SELECT coalesce(max(id), 0) + 1 FROM marketplace_{table}), false)"
        )
    connection.execute("VACUUM (ANALYZE)")
    connection.execute("CHECKPOINT")


def _amounts(size: Size) -> list[tuple[str, int]]:
    return [("offers", size.offers), ("merchants", size.merchants), ("reservations", size.reservations)]
