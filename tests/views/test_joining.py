from tests.support.web import Web, web  # noqa
from workflows.relations import Relation as R

def test_road(web: Web) -> None:
    b = web.visitor()
    assert b.get("/").status_code == 200
    p = b.get("/sign-up"); assert p.status_code == 200, p.text
    p = b.post("/sign-up", {"name": "Ana", "email": "ana@org.example", "way": "password", "password": "correct horse battery"})
    assert p.status_code == 303, p.text
    assert p.location == "/organisations/find"
    assert b.get("/organisations/find").status_code == 200
    job = web.mails()[0]
    assert job.args["template"] == "verify_address"
    p = b.get(web.address_in(job)); assert p.status_code == 303 and p.location == "/verify", p.text
    p = b.get("/verify"); assert p.status_code == 200 and "Confirm" in p.text
    p = b.post("/verify"); assert p.status_code == 303, p.text
    p = b.get("/verify"); assert p.status_code == 410
    p = b.post("/organisations/new", {"name": "Клъстер Мехатроника", "country": "BG", "pic": "123 456 789"})
    assert p.status_code == 303, p.text
    p = b.get(p.location); assert p.status_code == 200
    where = b.page.request.path
    p = b.post(where, {"kinds": "cluster_organisation", "country": "BG", "region": "BG41", "website": "cluster.bg", "summary": "x", "name_en": "Cluster", "name_language": "bg", "themes": ["textiles"], "pic": "123456789", "priorities-0-region": "BG41", "priorities-0-text": "Mechatronics", "regions_served": "Lombardia; ITC1"})
    assert p.status_code == 303, p.text
    show = p.location
    p = b.get(show); assert p.status_code == 200; assert "Send for validation" in p.text, p.text
    p = b.post(show + "/submit"); assert p.status_code == 303, p.text
    boss = web.client_of(web.world.person("Mona", None, R.CALL_MANAGER))
    p = boss.get("/organisations/to-validate"); assert "Мехатроника" in p.text
    p = boss.get(show); assert "Publish" in p.text
    p = boss.post(show + "/publish"); assert p.status_code == 303, p.text
    v = web.visitor()
    p = v.get("/organisations"); assert "Мехатроника" in p.text
    p = v.get(show); assert p.status_code == 200 and "ana@org" not in p.text
    p = b.post("/sign-out"); assert p.status_code == 303
    p = b.get("/work"); assert p.status_code == 303
    p = b.post("/sign-in", {"email": "ANA@org.example", "password": "wrong"}); assert p.status_code == 422
    p = b.post("/sign-in", {"email": "ANA@org.example", "password": "correct horse battery"}); assert p.status_code == 303, p.text
    p = b.get("/work"); assert p.status_code == 200
