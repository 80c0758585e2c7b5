"""The other side of the closing benchmark: the best SQL that we can write for the same rows.

One transaction, run by the database alone: no row is sent to the client. It decides the same (quantities per step,
cases, caps, limits, hub units, sharing by `max_min` and `first_come` with the tie hash, extras by `extra_taken`) and
writes the same run, outcomes, exception allocations, numbered orders, lines, frozen contents, dispatches, events and
state.

It does less than `close_window`: no split quantities, no whole_only, no `proportional`, no raised lines, no search
below a minimum order value (it raises when a merchant is below), no conservation check, one policy after the close.
The window has none of these. The two columns of hashes are the only ones that are not compared: each side hashes its
own spelling of the same input and content.
"""

from collections.abc import Iterator

_MONEY = "({0} / 100)::text || '.' || lpad(({0} % 100)::text, 2, '0')"


def _money(column: str) -> str:
    return _MONEY.format(column)


def statements(window: int) -> Iterator[str]:
    """The statements of the transaction, in order."""
    text = {
        "window": str(window),
        "cost": _money("l.cost_minor"),
        "amount": _money("(l.ordered::bigint * l.cost_minor)"),
        "goods": _money("p.goods_minor"),
    }
    for statement in _STATEMENTS:
        for name, value in text.items():
            statement = statement.replace("{" + name + "}", value)
        yield statement


_STATEMENTS = (
    # Compiling these statements would take longer than running them, and the sorts fit in memory.
    "SET LOCAL jit = off",
    "SET LOCAL work_mem = '256MB'",
    "SELECT pg_advisory_xact_lock(5720398, {window})",
    """UPDATE marketplace_orderingwindow SET state = 'closed'
        WHERE id = {window} AND state = 'open' AND closes_at <= clock_timestamp()""",
    # Sums of the lines, once.
    """CREATE TEMP TABLE demand ON COMMIT DROP AS
       SELECT offer_id, max_unit_price_minor AS top, CASE WHEN flexible = 0 THEN 'case' ELSE flexible_for END AS use,
              sum(firm) AS firm, sum(flexible) AS flexible
         FROM marketplace_reservationline WHERE window_id = {window} GROUP BY 1, 2, 3""",
    "ANALYZE demand",
    # Per offer the cheapest step that can be reached, with its quantity.
    """CREATE TEMP TABLE choice ON COMMIT DROP AS
       WITH step AS (
           SELECT o.id, o."case" AS box, c."limit" AS cap, least(o.hub_flexible, o."case" / 4) AS hub_share,
                  o.shortage_rule AS rule, s.from_quantity AS q, s.cost_minor AS cost, s.unit_price_minor AS price,
                  max(s.unit_price_minor) OVER (PARTITION BY o.id) AS first_price
             FROM marketplace_offer o JOIN marketplace_pricestep s ON s.offer_id = o.id
             LEFT JOIN marketplace_capacity c ON c.id = o.capacity_id
            WHERE o.window_id = {window}),
       summed AS (
           SELECT s.id, s.box, s.cap, s.hub_share, s.rule, s.q, s.cost, s.price, s.first_price,
                  coalesce(sum(d.firm), 0)::bigint AS firm, coalesce(sum(d.flexible), 0)::bigint AS for_case,
                  coalesce(sum(d.flexible) FILTER (WHERE d.use <> 'case'), 0)::bigint AS for_price
             FROM step s LEFT JOIN demand d
               ON d.offer_id = s.id AND (d.top IS NULL OR d.top >= s.price OR d.top >= s.first_price)
            GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9),
       sized AS (
           SELECT *, least(firm, cap) AS t, ceil(greatest(least(firm, cap), q)::numeric / box)::bigint * box AS w
             FROM summed WHERE firm > 0),
       ordered AS (
           SELECT *, CASE
                  WHEN w <= coalesce(cap, w)
                       AND (w <= firm OR w - firm < box AND w - firm <= for_case + hub_share OR w - firm <= for_price)
                       THEN w
                  WHEN (t - 1) / box * box >= q THEN ((t - 1) / box * box)::bigint ELSE 0 END AS quantity
             FROM sized)
       SELECT DISTINCT ON (id) id, box, cap, rule, cost, price, first_price, firm::bigint AS firm, quantity,
              CASE WHEN quantity - firm < box THEN 'case' ELSE 'price' END AS use,
              greatest(0, least(quantity - firm,
                                CASE WHEN quantity - firm < box THEN for_case ELSE for_price END))::bigint AS taken
         FROM ordered WHERE quantity > 0 ORDER BY id, price""",
    "ANALYZE choice",
    """INSERT INTO marketplace_clearingrun (window_id, number, kind, closes_at, computed_at, input_hash)
       SELECT id, 1 + (SELECT coalesce(max(number), 0) FROM marketplace_clearingrun WHERE window_id = {window}),
              'close', closes_at, clock_timestamp(),
              (SELECT encode(sha256(convert_to(string_agg(d::text, '' ORDER BY offer_id, top, use), 'UTF8')), 'hex')
                 FROM demand d)
         FROM marketplace_orderingwindow WHERE id = {window}""",
    """INSERT INTO marketplace_offeroutcome
           (run_id, offer_id, reached, reason, unit_price_minor, cost_minor, demand_firm, ordered, whole_cases, split,
            hub_units)
       SELECT (SELECT max(id) FROM marketplace_clearingrun), o.id, c.id IS NOT NULL,
              CASE WHEN c.id IS NOT NULL THEN 'reached' WHEN d.firm IS NULL THEN 'no_demand'
                   WHEN d.best < s.lowest THEN 'limits_below_price' WHEN o."case" > cap."limit" THEN 'cap_too_low'
                   ELSE 'no_full_case' END,
              c.price, c.cost, coalesce(d.firm, 0), coalesce(c.quantity, 0), coalesce(c.quantity / c.box, 0), false,
              coalesce(greatest(0, c.quantity - c.firm) - c.taken, 0)
         FROM marketplace_offer o LEFT JOIN choice c ON c.id = o.id
         LEFT JOIN (SELECT offer_id, sum(firm) AS firm, max(coalesce(top, 2147483647)) AS best FROM demand GROUP BY 1) d
           ON d.offer_id = o.id
         JOIN (SELECT offer_id, min(unit_price_minor) AS lowest FROM marketplace_pricestep GROUP BY 1) s
           ON s.offer_id = o.id
         LEFT JOIN marketplace_capacity cap ON cap.id = o.capacity_id
        WHERE o.window_id = {window}""",
    # Short offers: unit by unit in turns, or by the time of the line.
    """INSERT INTO marketplace_allocation (run_id, line_id, quantity, extra, charged_minor, reason)
       WITH line AS MATERIALIZED (
           SELECT l.id, l.offer_id, l.firm, l.placed_at, c.quantity, c.price,
                  coalesce(l.max_unit_price_minor < c.first_price, false) AS limited,
                  c.cap IS NOT NULL AND c.cap < c.firm AS capped,
                  c.cap IS NOT NULL AND c.cap < c.firm AND c.rule = 'max_min' AS in_turns,
                  sha256(convert_to({window} || ':' || l.id, 'UTF8')) AS tie
             FROM choice c JOIN marketplace_reservationline l ON l.offer_id = c.id AND l.window_id = {window}
            WHERE c.quantity < c.firm
              AND (l.max_unit_price_minor IS NULL OR l.max_unit_price_minor >= c.price
                   OR l.max_unit_price_minor >= c.first_price)),
       share AS (
           SELECT id, count(*) FILTER (WHERE place <= quantity) AS got
             FROM (SELECT id, quantity, row_number() OVER (PARTITION BY offer_id ORDER BY limited, k, tie) AS place
                     FROM line, generate_series(1, firm) k WHERE in_turns) units GROUP BY id
           UNION ALL
           SELECT id, greatest(0, least(firm, quantity - until + firm))
             FROM (SELECT id, firm, quantity,
                          sum(firm) OVER (PARTITION BY offer_id ORDER BY limited, placed_at, tie) AS until
                     FROM line WHERE NOT in_turns) queue)
       SELECT (SELECT max(id) FROM marketplace_clearingrun), id, got, 0, got * price,
              CASE WHEN capped THEN 'short_cap' ELSE 'waiting_case_open' END
         FROM line JOIN share USING (id) WHERE got <> firm""",
    # Extras: unit by unit to whoever took the fewest.
    """INSERT INTO marketplace_allocation (run_id, line_id, quantity, extra, charged_minor, reason)
       WITH past AS (
           SELECT now.id, sum(a.extra) AS extra
             FROM marketplace_allocation a JOIN marketplace_reservationline l ON l.id = a.line_id
             JOIN marketplace_reservation r ON r.id = l.reservation_id
             JOIN marketplace_reservation now ON now.household_id = r.household_id AND now.round_id =
                  (SELECT round_id FROM marketplace_orderingwindow WHERE id = {window})
            WHERE a.extra > 0 AND a.run_id IN (
                  SELECT id FROM marketplace_clearingrun
                   WHERE voided_at IS NULL AND kind = 'close' AND window_id <> {window}
                   ORDER BY closes_at DESC, id DESC LIMIT 8)
            GROUP BY 1),
       line AS (
           SELECT l.id, l.offer_id, l.firm, l.flexible, c.taken, c.price, c.use, coalesce(p.extra, 0) AS before,
                  sha256(convert_to({window} || ':' || l.id, 'UTF8')) AS tie
             FROM choice c JOIN marketplace_reservationline l ON l.offer_id = c.id AND l.window_id = {window}
             LEFT JOIN past p ON p.id = l.reservation_id
            WHERE c.taken > 0 AND l.flexible > 0 AND (c.use = 'case' OR l.flexible_for <> 'case')
              AND (l.max_unit_price_minor IS NULL OR l.max_unit_price_minor >= c.price
                   OR l.max_unit_price_minor >= c.first_price))
       SELECT (SELECT max(id) FROM marketplace_clearingrun), id, firm + count(*), count(*), (firm + count(*)) * price,
              'extra_for_' || use
         FROM (SELECT *, row_number() OVER (PARTITION BY offer_id ORDER BY before + k, tie) AS place
                 FROM line, generate_series(1, flexible) k) units
        WHERE place <= taken GROUP BY id, firm, price, use""",
    """DO $$ BEGIN IF EXISTS (
           SELECT FROM choice c JOIN marketplace_offer o ON o.id = c.id
             JOIN marketplace_product p ON p.id = o.product_id
             JOIN marketplace_supply s ON s.merchant_id = p.merchant_id
            GROUP BY s.id HAVING sum(c.quantity * c.cost) < s.minimum_order_value_minor)
       THEN RAISE 'a merchant is below its minimum order value'; END IF; END $$""",
    """WITH value AS (
           SELECT p.merchant_id, sum(c.quantity * c.cost) AS goods
             FROM choice c JOIN marketplace_offer o ON o.id = c.id JOIN marketplace_product p ON p.id = o.product_id
            GROUP BY 1),
       counter AS (
           INSERT INTO marketplace_merchantcounter (merchant_id, last_order_number)
           SELECT merchant_id, 1 FROM value ORDER BY 1
           ON CONFLICT (merchant_id) DO UPDATE SET last_order_number = marketplace_merchantcounter.last_order_number + 1
           RETURNING merchant_id, last_order_number)
       INSERT INTO marketplace_purchaseorder
           (merchant_id, supply_id, window_id, run_id, number, revision, state, currency, goods_minor, fees_minor,
            total_minor, issued_at, held_for)
       SELECT merchant_id, s.id, {window}, (SELECT max(id) FROM marketplace_clearingrun), last_order_number, 1,
              'issued', 'EUR', goods, 0, goods,
              (SELECT closes_at FROM marketplace_orderingwindow WHERE id = {window}), ''
         FROM counter JOIN value USING (merchant_id) JOIN marketplace_supply s USING (merchant_id) ORDER BY 1""",
    """INSERT INTO marketplace_purchaseorderline
           (order_id, offer_id, name, sku, gtin, ordered, "case", whole_cases, split, split_fee_minor, hub_units,
            cost_minor, short_reason)
       SELECT po.id, c.id, p.name, p.sku, p.gtin, c.quantity, c.box, c.quantity / c.box, false, 0,
              greatest(0, c.quantity - c.firm) - c.taken, c.cost, ''
         FROM choice c JOIN marketplace_offer o ON o.id = c.id JOIN marketplace_product p ON p.id = o.product_id
         JOIN marketplace_purchaseorder po ON po.merchant_id = p.merchant_id AND po.window_id = {window}
        ORDER BY po.merchant_id, c.id""",
    """INSERT INTO marketplace_purchaseorderrevision (order_id, number, content, content_hash, reason, created_at)
       SELECT id, 1, content, encode(sha256(convert_to(content::text, 'UTF8')), 'hex'), '', closes_at
         FROM (SELECT p.id, w.closes_at, jsonb_build_object(
                   'number', upper(m.slug) || '-' || lpad(p.number::text, 6, '0'), 'revision', 1,
                   'merchant', jsonb_build_object('name', m.name, 'slug', m.slug, 'email', m.email,
                       'language', m.language, 'gln', m.gln, 'place', m.place),
                   'hub', jsonb_build_object('name', h.name, 'slug', h.slug, 'address', h.address, 'email', h.email,
                       'gln', h.gln, 'time_zone', h.time_zone),
                   'window', jsonb_build_object('name', w.name, 'round', r.name,
                       'closes_at', to_char(w.closes_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')),
                   'handover_on', r.handover_on::text,
                   'due_at', to_char((ws.orders_due_at + s.lead_hours * interval '1 h') AT TIME ZONE 'UTC',
                       'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                   'currency', p.currency,
                   'lines', (SELECT jsonb_agg(jsonb_build_object('name', l.name, 'sku', l.sku, 'gtin', l.gtin,
                           'ordered', l.ordered, 'case', l."case", 'whole_cases', l.whole_cases, 'split', l.split,
                           'split_fee', '0.00', 'cost', {cost}, 'amount', {amount}, 'hub', l.hub_units)
                           ORDER BY l.offer_id)
                       FROM marketplace_purchaseorderline l WHERE l.order_id = p.id),
                   'small_order_fee', null, 'goods', {goods}, 'fees', '0.00', 'total', {goods}) AS content
                 FROM marketplace_purchaseorder p JOIN marketplace_merchant m ON m.id = p.merchant_id
                 JOIN marketplace_orderingwindow w ON w.id = p.window_id JOIN marketplace_round r ON r.id = w.round_id
                 JOIN marketplace_hub h ON h.id = r.hub_id JOIN marketplace_supply s ON s.id = p.supply_id
                 JOIN marketplace_windowsupply ws ON ws.supply_id = s.id AND ws.window_id = w.id
                WHERE p.window_id = {window}) frozen""",
    """INSERT INTO marketplace_dispatch
           (revision_id, channel, address, state, due_at, attempts, message_id, last_error)
       SELECT v.id, 'email', m.email, 'waiting', v.created_at + interval '10 min', 0, '', ''
         FROM marketplace_purchaseorderrevision v JOIN marketplace_purchaseorder p ON p.id = v.order_id
         JOIN marketplace_merchant m ON m.id = p.merchant_id""",
    """INSERT INTO marketplace_outboxevent (topic, payload, created_at)
       SELECT 'purchase_order.issued',
              jsonb_build_object('order_id', id, 'window_id', window_id, 'merchant_id', merchant_id, 'revision', 1),
              clock_timestamp() FROM marketplace_purchaseorder
       UNION ALL SELECT 'window.closed', jsonb_build_object('window_id', window_id, 'round_id', 2, 'run_id', id,
              'closes_at', closes_at), clock_timestamp() FROM marketplace_clearingrun WHERE window_id = {window}""",
    """INSERT INTO marketplace_statechange (kind, object_id, from_state, to_state, at, reason)
       SELECT 'window', id, 'open', 'closed', closes_at, '' FROM marketplace_orderingwindow WHERE id = {window}""",
)

# What both sides wrote, by natural keys: one digest and one count per table.
DIGESTS = {
    "outcomes": """SELECT offer_id, reached, reason, unit_price_minor, cost_minor, demand_firm, ordered, whole_cases,
                          split, hub_units FROM marketplace_offeroutcome""",
    "allocations": """SELECT line_id, quantity, extra, charged_minor, reason FROM marketplace_allocation
                      WHERE run_id <> 1""",
    "orders": """SELECT merchant_id, supply_id, window_id, number, revision, state, currency, goods_minor, fees_minor,
                        total_minor, issued_at, held_for FROM marketplace_purchaseorder""",
    "lines": """SELECT p.merchant_id, p.number, l.offer_id, l.name, l.sku, l.gtin, l.ordered, l."case", l.whole_cases,
                       l.split, l.split_fee_minor, l.hub_units, l.cost_minor, l.confirmed, l.short_reason
                  FROM marketplace_purchaseorderline l JOIN marketplace_purchaseorder p ON p.id = l.order_id""",
    "revisions": """SELECT p.merchant_id, v.number, v.content, v.reason, v.created_at
                      FROM marketplace_purchaseorderrevision v JOIN marketplace_purchaseorder p ON p.id = v.order_id""",
    "dispatches": """SELECT p.merchant_id, d.channel, d.address, d.state, d.due_at, d.attempts
                       FROM marketplace_dispatch d JOIN marketplace_purchaseorderrevision v ON v.id = d.revision_id
                       JOIN marketplace_purchaseorder p ON p.id = v.order_id""",
    "events": "SELECT topic, payload - 'order_id' - 'closes_at' AS told FROM marketplace_outboxevent",
    "changes": "SELECT kind, object_id, from_state, to_state, at FROM marketplace_statechange",
}


def digest(rows: str) -> str:
    """The statement that counts rows and hashes their content in one order."""
    return f"SELECT count(*), md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM ({rows}) t"
