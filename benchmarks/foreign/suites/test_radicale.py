"""Calendars and address books behind Radicale."""
# ruff: noqa: ARG001, D103

import re

import pytest

PASSWORD = "Correct-Horse-7"
ITEM = "/anna/{book}/{item}"
CALENDAR = (
    '<?xml version="1.0"?><C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
    "<set><prop><displayname>{name}</displayname><C:calendar-description>Garden"
    "</C:calendar-description></prop></set></C:mkcalendar>"
)
BOOK = (
    '<?xml version="1.0"?><mkcol xmlns="DAV:" xmlns:CR="urn:ietf:params:xml:ns:carddav"><set>'
    "<prop><resourcetype><collection/><CR:addressbook/></resourcetype><displayname>{name}"
    "</displayname></prop></set></mkcol>"
)


def event(uid, summary, start="20270310T090000Z", end="20270310T100000Z"):
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Garden//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20270101T000000Z\r\nDTSTART:{start}\r\nDTEND:{end}\r\n"
        f"SUMMARY:{summary}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def report(inner):
    return (
        '<?xml version="1.0"?><C:calendar-query xmlns="DAV:" '
        'xmlns:C="urn:ietf:params:xml:ns:caldav"><prop><getetag/><C:calendar-data/></prop>'
        f'<C:filter><C:comp-filter name="VCALENDAR">{inner}</C:comp-filter></C:filter>'
        "</C:calendar-query>"
    )


@pytest.fixture(scope="session")
def cutover_login(backend):
    backend.auth = ("anna", PASSWORD)
    return True


@pytest.fixture
def calendar(backend):
    path = f"/anna/{backend.unique('cal')}/"
    made = backend.request("MKCALENDAR", path, content=CALENDAR.format(name="Gates"))
    assert made.status_code == 201
    yield path
    backend.delete(path)


@pytest.fixture
def item(backend, calendar):
    uid = backend.unique("event")
    path = f"{calendar}{uid}.ics"
    answer = backend.put(
        path, content=event(uid, "Paint the gate"), headers={"content-type": "text/calendar"}
    )
    assert answer.status_code == 201
    return path


@pytest.mark.characterization("GET /")
def test_the_first_page(backend):
    assert backend.get("/").status_code == 302


@pytest.mark.characterization("GET /.web/")
def test_the_web_page(backend):
    assert "<title>" in backend.get("/.web/").text


@pytest.mark.characterization("GET /.well-known/caldav")
def test_where_calendars_are(backend):
    assert backend.get("/.well-known/caldav").is_redirect


@pytest.mark.characterization("PROPFIND /")
def test_who_am_i(backend):
    body = '<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
    answer = backend.request("PROPFIND", "/", content=body, headers={"depth": "0"})
    assert "/anna/" in answer.text


@pytest.mark.negative("PROPFIND /{user}/", scenario="nobody")
def test_without_a_login(backend):
    nobody = backend.as_user(None)
    assert nobody.request("PROPFIND", "/anna/", headers={"depth": "0"}).status_code == 401


@pytest.mark.negative("PROPFIND /{user}/", scenario="somebody else")
def test_the_folder_of_another(backend):
    assert backend.request("PROPFIND", "/bela/", headers={"depth": "0"}).status_code == 403


@pytest.mark.characterization("MKCALENDAR /anna/{book}/", "PROPFIND /anna/{book}/")
def test_make_a_calendar(backend, calendar):
    answer = backend.request("PROPFIND", calendar, headers={"depth": "0"})
    assert answer.status_code == 207
    assert "Gates" in answer.text


@pytest.mark.negative("MKCALENDAR /anna/{book}/", scenario="it is there")
def test_make_a_calendar_again(backend, calendar):
    assert backend.request("MKCALENDAR", calendar).status_code in (403, 409)


@pytest.mark.characterization(f"PUT {ITEM}", f"GET {ITEM}")
def test_read_an_event(backend, item):
    answer = backend.get(item)
    assert "SUMMARY:Paint the gate" in answer.text
    assert answer.headers["content-type"].startswith("text/calendar")


@pytest.mark.characterization(f"PUT {ITEM}", f"GET {ITEM}")
def test_change_an_event(backend, calendar):
    uid = backend.unique("event")
    path = f"{calendar}{uid}.ics"
    first = backend.put(path, content=event(uid, "Dig"))
    then = backend.put(
        path, content=event(uid, "Dig deeper"), headers={"if-match": first.headers["etag"]}
    )
    assert then.status_code in (201, 204)
    assert then.headers["etag"] != first.headers["etag"]
    assert "Dig deeper" in backend.get(path).text


@pytest.mark.negative(f"PUT {ITEM}", scenario="somebody was faster")
def test_change_an_event_too_late(backend, calendar, item):
    answer = backend.put(item, content=event("x", "No"), headers={"if-match": '"other"'})
    assert answer.status_code == 412


@pytest.mark.negative(f"PUT {ITEM}", scenario="no calendar data")
def test_no_calendar_data(backend, calendar):
    assert backend.put(f"{calendar}x.ics", content="hello").status_code == 400


@pytest.mark.characterization("PROPFIND /anna/{book}/")
def test_items_of_a_calendar(backend, calendar):
    for number in range(3):
        backend.put(f"{calendar}e{number}.ics", content=event(f"e{number}", f"Post {number}"))
    body = '<propfind xmlns="DAV:"><prop><getetag/><getcontenttype/></prop></propfind>'
    answer = backend.request("PROPFIND", calendar, content=body, headers={"depth": "1"})
    assert answer.text.count(".ics") == 3


@pytest.mark.characterization("REPORT /anna/{book}/")
def test_events_of_a_month(backend, calendar, item):
    backend.put(
        f"{calendar}late.ics",
        content=event("late", "Harvest", "20270901T080000Z", "20270901T120000Z"),
    )
    body = report(
        '<C:comp-filter name="VEVENT"><C:time-range start="20270301T000000Z" '
        'end="20270401T000000Z"/></C:comp-filter>'
    )
    answer = backend.request("REPORT", calendar, content=body, headers={"depth": "1"})
    assert "Paint the gate" in answer.text
    assert "Harvest" not in answer.text


@pytest.mark.characterization("REPORT /anna/{book}/")
def test_what_changed_since(backend, calendar, item):
    body = (
        '<sync-collection xmlns="DAV:"><sync-token>{token}</sync-token><sync-level>1'
        "</sync-level><prop><getetag/></prop></sync-collection>"
    )
    first = backend.request("REPORT", calendar, content=body.format(token=""))
    token = re.search(r"sync-token>([^<]+)<", first.text)[1]
    backend.put(f"{calendar}new.ics", content=event("new", "Sow"))
    second = backend.request("REPORT", calendar, content=body.format(token=token))
    assert second.text.count(".ics") == 1


@pytest.mark.characterization(f"DELETE {ITEM}")
def test_delete_an_event(backend, item):
    assert backend.delete(item).status_code == 200
    assert backend.get(item).status_code == 404


@pytest.mark.characterization("MOVE /anna/{book}/{item}")
def test_move_an_event(backend, calendar, item):
    to = str(backend.base_url).rstrip("/") + f"{calendar}moved.ics"
    assert backend.request("MOVE", item, headers={"destination": to}).status_code == 201
    assert "Paint" in backend.get(f"{calendar}moved.ics").text


@pytest.mark.characterization("GET /anna/{book}/")
def test_the_whole_calendar_as_a_file(backend, calendar, item):
    backend.put(f"{calendar}b.ics", content=event("b", "Oil"))
    answer = backend.get(calendar)
    assert answer.text.count("BEGIN:VEVENT") == 2


@pytest.mark.characterization("MKCOL /anna/{book}/", "GET /anna/{book}/{item}")
def test_an_address_book(backend):
    path = f"/anna/{backend.unique('people')}/"
    assert backend.request("MKCOL", path, content=BOOK.format(name="People")).status_code == 201
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c1\r\nFN:Clara Oak\r\nN:Oak;Clara;;;\r\nEND:VCARD\r\n"
    backend.put(f"{path}c1.vcf", content=card, headers={"content-type": "text/vcard"})
    assert "Clara Oak" in backend.get(f"{path}c1.vcf").text
    assert backend.delete(path).status_code == 200


@pytest.mark.characterization("PROPPATCH /anna/{book}/")
def test_another_name_for_a_calendar(backend, calendar):
    body = (
        '<propertyupdate xmlns="DAV:"><set><prop><displayname>Fences</displayname></prop></set>'
        "</propertyupdate>"
    )
    assert backend.request("PROPPATCH", calendar, content=body).status_code == 207
    assert "Fences" in backend.request("PROPFIND", calendar, headers={"depth": "0"}).text
