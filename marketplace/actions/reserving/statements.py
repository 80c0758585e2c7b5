"""The statements of reserving on PostgreSQL. Casts name every parameter's type, so that a plan fits all requests."""

# First keys of two-key advisory locks, beside locks.WINDOW_LOCKS. A household is held before any window, an offer
# after the windows and before the counters: nobody who holds a later one waits for an earlier one. Another household,
# whose units are taken over in the filling stretch, is tried there without waiting, or else held before everything.
HOUSEHOLD_LOCKS = 0x484F55  # "HOU"
OFFER_LOCKS = 0x4F4646  # "OFF"
# Second keys are 32 bits wide; two ids that meet there only wait for each other.
KEYS = 2**31 - 1

# Tells the session that serves it too: behind a pooler that is another one than the connection was made with. For the
# rest of the transaction plans do not depend on the values: the server would weigh that anew for some statements and
# plan them every time, for the same plan.
_WHO = """
SELECT {household},
       ARRAY(SELECT w.id FROM marketplace_orderingwindow w
             WHERE w.round_id = %(round)s::bigint
               AND ((%(all)s::boolean AND w.state = %(open)s::text)
                    OR w.id IN (SELECT o.window_id FROM marketplace_offer o WHERE o.id = ANY(%(offers)s::bigint[])))),
       pg_backend_pid(),
       set_config('plan_cache_mode', 'force_generic_plan', true),
       pg_advisory_xact_lock(%(class)s::int, ({household} %% %(keys)s::bigint)::int)
FROM {found}
"""
WHO = _WHO.format(
    household="m.household_id",
    found="""marketplace_householdmember m
WHERE m.user_id = %(user)s::bigint AND (%(household)s::bigint IS NULL OR m.household_id = %(household)s::bigint)
ORDER BY m.household_id IS NOT DISTINCT FROM (SELECT u.acts_as_id FROM marketplace_user u WHERE u.id = m.user_id) DESC,
         m.joined_at, m.household_id
LIMIT 1""",
)
# The same for a household that somebody else speaks for.
WHO_FOR = _WHO.format(
    household="h.id", found="marketplace_household h WHERE h.id = %(household)s::bigint AND h.erased_at IS NULL"
)

CONTEXT = """
WITH own AS MATERIALIZED (
    SELECT l.offer_id, l.window_id, l.firm, l.flexible, l.flexible_for, l.max_unit_price_minor, l.whole_only,
           l.placed_at, l.raised, l.offered_back, l.offered_back_at, l.agreed_version, l.substitutes, l.collect_until
    FROM marketplace_reservation v JOIN marketplace_reservationline l ON l.reservation_id = v.id
    WHERE v.household_id = %(household)s::bigint AND v.round_id = %(round)s::bigint
)
SELECT {clock}, r.hub_id, h.currency, h.join_policy, h.trial_orders, json_build_object(
    'windows', (SELECT json_agg(json_build_array(w.id, w.state, w.opens_at, w.fills_at, w.closes_at))
        FROM marketplace_orderingwindow w WHERE w.round_id = r.id),
    'offers', (SELECT json_agg(json_build_array(o.id, o.window_id, o.capacity_id, o."case", o.splittable, o.multiple,
            o.split_fee_minor, o.hub_flexible, o.shortage_rule, c."limit",
            (SELECT json_agg(json_build_array(s.from_quantity, s.cost_minor, s.unit_price_minor)
                    ORDER BY s.from_quantity) FROM marketplace_pricestep s WHERE s.offer_id = o.id),
            d.groups, c.taken, o.version, o.agreement_version, o.product_id))
        FROM marketplace_offer o
        JOIN marketplace_orderingwindow w ON w.id = o.window_id AND w.round_id = r.id
        LEFT JOIN marketplace_capacity c ON c.id = o.capacity_id
        LEFT JOIN marketplace_offerdemand d ON d.offer_id = o.id
        WHERE o.id = ANY(%(offers)s::bigint[] || ARRAY(SELECT own.offer_id FROM own))),
    'handovers', (SELECT json_agg(json_build_array(p.id, p.pickup_point_id, p.capacity_id, c."limit", c.taken)
                          ORDER BY p.starts_at, p.id)
        FROM marketplace_handover p LEFT JOIN marketplace_capacity c ON c.id = p.capacity_id WHERE p.round_id = r.id),
    'group', (SELECT json_build_array(g.pickup_point_id)
        FROM marketplace_group g JOIN marketplace_groupmember m ON m.group_id = g.id
        WHERE g.id = coalesce(%(group)s::bigint, (SELECT v.group_id FROM marketplace_reservation v
                WHERE v.household_id = %(household)s::bigint AND v.round_id = r.id))
          AND g.hub_id = r.hub_id AND m.household_id = %(household)s::bigint),
    'reservation', (SELECT json_build_array(v.id, v.version, v.state, v.handover_id, v.group_id)
        FROM marketplace_reservation v WHERE v.household_id = %(household)s::bigint AND v.round_id = r.id),
    'lines', (SELECT json_agg(json_build_array(own.offer_id, own.window_id, own.firm, own.flexible, own.flexible_for,
            own.max_unit_price_minor, own.whole_only, own.placed_at, own.raised, own.offered_back,
            own.offered_back_at, own.agreed_version, own.substitutes, own.collect_until)) FROM own),
    'membership', (SELECT json_build_array(s.state, s.trial_orders_left) FROM marketplace_hubmembership s
        WHERE s.hub_id = r.hub_id AND s.household_id = %(household)s::bigint),
    'products', (SELECT json_agg(DISTINCT o.product_id)
        FROM marketplace_orderingwindow w JOIN marketplace_offer o ON o.window_id = w.id
        WHERE w.round_id = r.id AND w.state <> %(draft)s::text AND o.product_id = ANY(%(products)s::bigint[])),
    'stored', (SELECT json_build_array(v.reservation_id, v.request_hash, v.answer)
        FROM marketplace_reservationversion v
        WHERE v.household_id = %(household)s::bigint AND v.request_key = %(key)s::text)
)::text
FROM marketplace_round r JOIN marketplace_hub h ON h.id = r.hub_id
WHERE r.id = %(round)s::bigint
"""

# What is full stays unlocked, so that refusals do not queue behind each other; a lock looks at the newest row again.
# The new count is made from the locked row. Made from c, the snapshot's row, it would be right in the end too, but
# checked against the limit once with the snapshot's count, and refused if others gave units back meanwhile.
TAKE = """
WITH wants AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::bigint[], %(units)s::bigint[], %(whole)s::boolean[]) AS w(id, units, whole)
), locked AS MATERIALIZED (
    SELECT c.id, c.taken, CASE WHEN w.units > 0 THEN least(w.units, c."limit" - c.taken) ELSE w.units END AS units
    FROM marketplace_capacity c JOIN wants w ON w.id = c.id
    WHERE w.units <= 0 OR c.taken < c."limit" AND (w.units <= c."limit" - c.taken OR NOT w.whole)
    ORDER BY c.id FOR NO KEY UPDATE OF c
)
UPDATE marketplace_capacity c SET taken = l.taken + l.units FROM locked l
WHERE c.id = l.id AND l.units <> 0
RETURNING c.id, l.units
"""

_WRITTEN = """
written AS (
    INSERT INTO marketplace_reservation AS v
        (round_id, household_id, handover_id, group_id, state, version, created_at, changed_at)
    SELECT %(round)s::bigint, %(household)s::bigint, %(handover)s::bigint, %(group)s::bigint, %(state)s::text,
           %(version)s::int, %(at)s::timestamptz, %(at)s::timestamptz
    {condition}
    ON CONFLICT (household_id, round_id) DO UPDATE
        SET handover_id = excluded.handover_id, group_id = excluded.group_id, state = excluded.state,
            version = excluded.version, changed_at = excluded.changed_at
        WHERE v.version = excluded.version - 1
    RETURNING id
), {counted}gone AS (
    DELETE FROM marketplace_reservationline l USING written
    WHERE l.reservation_id = written.id AND l.offer_id = ANY(%(gone)s::bigint[])
), put AS (
    INSERT INTO marketplace_reservationline
        (reservation_id, offer_id, window_id, firm, flexible, flexible_for, max_unit_price_minor, whole_only,
         placed_at, raised, offered_back, offered_back_at, agreed_version, substitutes, collect_until)
    SELECT written.id, x.o, x.w, x.firm, x.flexible, x.use, x."limit", x.whole, x.at, x.raised, x.back, x.back_at,
           x.agreed, x.instead, x.until
    FROM written, json_to_recordset(%(put)s::json) AS x(o bigint, w bigint, firm int, flexible int, use text,
        "limit" bigint, whole boolean, at timestamptz, raised jsonb, back int, back_at timestamptz, agreed int,
        instead jsonb, until date)
    ON CONFLICT (reservation_id, offer_id) DO UPDATE
        SET firm = excluded.firm, flexible = excluded.flexible, flexible_for = excluded.flexible_for,
            max_unit_price_minor = excluded.max_unit_price_minor, whole_only = excluded.whole_only,
            raised = excluded.raised, offered_back = excluded.offered_back, offered_back_at = excluded.offered_back_at,
            agreed_version = excluded.agreed_version, substitutes = excluded.substitutes,
            collect_until = excluded.collect_until
)
INSERT INTO marketplace_reservationversion
    (reservation_id, number, state, household_id, request_key, request_hash, lines, answer, changed_offers, by_id,
     via, placed_at)
SELECT written.id, %(version)s::int, %(state)s::text, %(household)s::bigint, %(key)s::text, %(hash)s::text,
       %(lines)s::jsonb, %(answer)s::jsonb, %(changed)s::jsonb, %(user)s::bigint, %(via)s::text,
       %(at)s::timestamptz
FROM written
RETURNING reservation_id
"""

WRITE = "WITH " + _WRITTEN.format(condition="", counted="")

_LOCKED = """
wants AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::bigint[], %(units)s::bigint[]) AS w(id, units)
), locked AS MATERIALIZED (
    SELECT c.id, c."limit", c.taken, w.units
    FROM marketplace_capacity c JOIN wants w ON w.id = c.id
    ORDER BY c.id FOR NO KEY UPDATE OF c
), """
_ALL_FITS = """WHERE NOT EXISTS (SELECT FROM locked l WHERE l.units > 0 AND l.units > l."limit" - l.taken)"""
_COUNTED = """counted AS (
    UPDATE marketplace_capacity c SET taken = l.taken + l.units FROM locked l, written WHERE c.id = l.id
), """

# The same, if every counter grants all that is wanted of it; else nothing. From the lock to the commit there is only
# this statement: what others wait for on a hot offer.
TAKE_AND_WRITE = "WITH " + _LOCKED + _WRITTEN.format(condition=_ALL_FITS, counted=_COUNTED)

# The same keys as WHO. Of the others' households: in the order of their keys, so that nobody waits crosswise, and only
# before any other lock; after those only what is free.
HOLD_HOUSEHOLDS = "SELECT pg_advisory_xact_lock(%(class)s::int, id) FROM unnest(%(ids)s::int[]) AS h(id)"
TRY_HOUSEHOLDS = "SELECT id, pg_try_advisory_xact_lock(%(class)s::int, id) FROM unnest(%(ids)s::int[]) AS h(id)"

HOLD_OFFERS = "SELECT pg_advisory_xact_lock(%(class)s::int, id) FROM unnest(%(ids)s::int[]) AS o(id)"
