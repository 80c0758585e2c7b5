import pytest
from tests.contracts import test_permissions as tp
from tests.contracts.test_permissions import *
from marketplace.rules.roles import Role
pytestmark=[pytest.mark.django_db]
ours=tp.ours; theirs=tp.theirs
for name in list(globals()):
    if name.startswith("test_"): del globals()[name]
def test_mine(ours, theirs):
    mine=[a for a in tp.addresses() if a.route.startswith(("inbox","threads","me/notices")) or "/thread/" in a.route or "marketplace/thread" in a.route]
    assert len(mine)>14
    seen={}
    for role in (Role.HOUSEHOLD_MEMBER, Role.MERCHANT_MEMBER, Role.COORDINATOR):
        c=tp.Client(raise_request_exception=False); c.force_login(ours.people[role])
        for a in mine:
            if a.route.startswith("^"): continue
            url=tp.url_of(a,theirs)
            for m in ("get","post"):
                r=getattr(c,m)(url); seen[(m,url,str(role))]=r.status_code
                assert r.status_code<500,(m,url,role)
                assert b"Theirs" not in r.content and (b"THEIRS" not in r.content or not tp.site_of(a.route)),(url,role)
    print(sorted(set((u,s) for (m,u,r),s in seen.items())))
