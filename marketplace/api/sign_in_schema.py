"""The description of signing in: addresses that allauth serves and that the generator does not see."""

from typing import Any, Final

from drf_spectacular.generators import SchemaGenerator

Json = dict[str, Any]
TAG: Final = "sign-in"
_EMAIL: Final[Json] = {"type": "string", "format": "email"}
_TEXT: Final[Json] = {"type": "string"}
_ANY: Final[Json] = {"type": "object", "additionalProperties": True}

# Address, verb, what it does, needed and optional members of the body; None: no body.
_OPERATIONS: Final[tuple[tuple[str, str, str, Json | None, Json], ...]] = (
    (
        "auth/signup",
        "post",
        "Start an account; a code is mailed.",
        {"email": _EMAIL, "name": _TEXT},
        {"password": _TEXT},
    ),
    ("auth/email/verify", "post", "Confirm the address with the code of the mail.", {"key": _TEXT}, {}),
    ("auth/email/verify/resend", "post", "Have the code mailed once more.", None, {}),
    ("auth/code/request", "post", "Have a code mailed to sign in with.", {"email": _EMAIL}, {}),
    ("auth/code/confirm", "post", "Sign in with the code of the mail.", {"code": _TEXT}, {}),
    ("auth/login", "post", "Sign in with e-mail address and password.", {"email": _EMAIL, "password": _TEXT}, {}),
    ("auth/webauthn/login", "get", "The options of a sign-in by passkey.", None, {}),
    ("auth/webauthn/login", "post", "Sign in with the answer of a passkey.", {"credential": _ANY}, {}),
    ("auth/2fa/authenticate", "post", "The second step: a code of the app or a recovery code.", {"code": _TEXT}, {}),
    ("auth/password/request", "post", "Have a code mailed to set a new password.", {"email": _EMAIL}, {}),
    ("auth/password/reset", "post", "Set a new password with the code.", {"key": _TEXT, "password": _TEXT}, {}),
    ("auth/session", "get", "Who is signed in, or which step comes next.", None, {}),
    ("auth/session", "delete", "Sign out: the token ends.", None, {}),
    ("auth/sessions", "get", "Every browser and app that is signed in.", None, {}),
)

_SCHEMAS: Final[Json] = {
    "SignInAnswer": {
        "type": "object",
        "description": "With status 401 it is no failure: `data.flows` lists the steps that are open. "
        "`meta.session_token` goes along with each later request as X-Session-Token.",
        "properties": {
            "status": {"type": "integer"},
            "data": {"description": "The user and how it signed in, options of a passkey, or a list of sessions."},
            "meta": _ANY,
        },
        "required": ["status"],
    },
    "SignInRefusal": {
        "type": "object",
        "properties": {
            "status": {"type": "integer"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"message": _TEXT, "code": _TEXT, "param": _TEXT},
                    "required": ["message", "code"],
                },
            },
        },
        "required": ["status"],
    },
}


def _told(schema: str, description: str) -> Json:
    ref = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": description, "content": {"application/json": {"schema": ref}}}


def _operation(address: str, verb: str, summary: str, needed: Json | None, more: Json) -> Json:
    operation: Json = {
        "operationId": f"{verb}_{address.replace('/', '_')}",
        "tags": [TAG],
        "description": summary,
        "security": [{"token": []}, {}],
        "responses": {
            "200": _told("SignInAnswer", "Done."),
            "401": _told("SignInAnswer", "A step is left, or nobody is signed in."),
            "429": {"description": "Too many tries; Retry-After says how many seconds to wait."},
            "default": _told("SignInRefusal", "What was sent does not fit."),
        },
    }
    if needed is not None:
        schema = {"type": "object", "properties": {**needed, **more}, "required": sorted(needed)}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def add_sign_in(result: Json, generator: SchemaGenerator, request: object, public: bool) -> Json:
    """The generator's description with signing in added."""
    for address, verb, summary, needed, more in _OPERATIONS:
        paths = result["paths"].setdefault(f"/api/v1/{address}", {})
        paths[verb] = _operation(address, verb, summary, needed, more)
    result["components"]["schemas"] |= _SCHEMAS
    return result
