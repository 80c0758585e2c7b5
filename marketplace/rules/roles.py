"""Who may do what: the one source of permissions (domain.md section 7).

A role is held for a scope: a household, a pickup point, a merchant, a hub, or the platform. Access functions ask
`allows(role, permission)`; admin sites, pages and API never list roles of their own.
"""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    HOUSEHOLD_MEMBER = "household_member"
    HOST = "host"
    MERCHANT_MEMBER = "merchant_member"
    PICKER = "picker"
    COURIER = "courier"
    COORDINATOR = "coordinator"
    TREASURER = "treasurer"
    DISPATCHER = "dispatcher"
    ANALYST = "analyst"
    PLATFORM_STAFF = "platform_staff"


HUB_ROLES = frozenset({Role.PICKER, Role.COURIER, Role.COORDINATOR, Role.TREASURER, Role.DISPATCHER, Role.ANALYST})
# Hub roles that see the whole hub in its desk; pickers and couriers see what is released to them.
HUB_DESK_ROLES = frozenset({Role.COORDINATOR, Role.TREASURER, Role.DISPATCHER, Role.ANALYST})


class Permission(StrEnum):
    RESERVE = "reserve"
    SEE_HANDOVERS = "see_handovers"
    HAND_OUT = "hand_out"
    SEE_CATALOGUE = "see_catalogue"
    EDIT_CATALOGUE = "edit_catalogue"
    SEE_PURCHASE_ORDERS = "see_purchase_orders"
    CONFIRM_PURCHASE_ORDERS = "confirm_purchase_orders"
    SEE_HUB = "see_hub"
    RUN_ROUNDS = "run_rounds"
    DISPATCH_ORDERS = "dispatch_orders"
    SEE_RESERVATIONS = "see_reservations"
    ORDER_ON_BEHALF = "order_on_behalf"
    ADMIT_MEMBERS = "admit_members"
    ANSWER_HOUSEHOLDS = "answer_households"
    SEE_MONEY = "see_money"
    SEE_FIGURES = "see_figures"
    PLAN_ROUTES = "plan_routes"
    PICK = "pick"
    DELIVER = "deliver"
    SET_UP = "set_up"


_P = Permission
GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.HOUSEHOLD_MEMBER: frozenset({_P.RESERVE}),
    Role.HOST: frozenset({_P.SEE_HANDOVERS, _P.HAND_OUT}),
    Role.MERCHANT_MEMBER: frozenset(
        {_P.SEE_CATALOGUE, _P.EDIT_CATALOGUE, _P.SEE_PURCHASE_ORDERS, _P.CONFIRM_PURCHASE_ORDERS}
    ),
    Role.PICKER: frozenset({_P.PICK}),
    Role.COURIER: frozenset({_P.DELIVER}),
    Role.COORDINATOR: frozenset(
        {
            _P.SEE_HUB,
            _P.RUN_ROUNDS,
            _P.DISPATCH_ORDERS,
            _P.SEE_RESERVATIONS,
            _P.ORDER_ON_BEHALF,
            _P.ADMIT_MEMBERS,
            _P.ANSWER_HOUSEHOLDS,
            _P.HAND_OUT,
            _P.SEE_CATALOGUE,
            _P.SEE_PURCHASE_ORDERS,
            _P.CONFIRM_PURCHASE_ORDERS,
            _P.SEE_FIGURES,
            _P.SEE_HANDOVERS,
        }
    ),
    Role.TREASURER: frozenset({_P.SEE_HUB, _P.SEE_RESERVATIONS, _P.SEE_PURCHASE_ORDERS, _P.SEE_MONEY}),
    Role.DISPATCHER: frozenset({_P.SEE_HUB, _P.SEE_PURCHASE_ORDERS, _P.PLAN_ROUTES, _P.SEE_HANDOVERS}),
    Role.ANALYST: frozenset({_P.SEE_HUB, _P.SEE_CATALOGUE, _P.SEE_PURCHASE_ORDERS, _P.SEE_FIGURES}),
    Role.PLATFORM_STAFF: frozenset(Permission) - {_P.RESERVE},
}


def allows(role: Role, permission: Permission) -> bool:
    """Whether the role, within its scope, carries the permission."""
    return permission in GRANTS[role]


def roles_with(permission: Permission) -> frozenset[Role]:
    """The roles that carry the permission."""
    return frozenset(role for role, granted in GRANTS.items() if permission in granted)
