"""Writing and answering: what is stored, who sees it, whose it is to answer, and when it is due."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from backend.threads.clock import DANGER, ROUND_THE_CLOCK
from tests.factories import Ref
from tests.threads.conftest import Around, inbox, put, said, threads, works_at, wrote


def test_a_message_waits_for_the_team_until_a_nurse_has_answered(around: Around) -> None:
    stored = wrote(around.self_, around, "When is my next visit?")
    assert stored["state"] == "waiting"
    received = datetime.fromisoformat(stored["message"]["received_at"])
    assert datetime.fromisoformat(stored["reply_by"]) == received + ROUND_THE_CLOCK
    row = inbox(around.nurse)["threads"][0]
    assert (row["last"]["words"], row["state"], row["may_write"]) == (
        "When is my next visit?", "waiting", True,
    )  # fmt: skip
    answered = wrote(around.nurse, around, "On Thursday", seen=stored["message"]["id"])
    assert (answered["state"], answered["reply_by"]) == ("answered", None)
    mine = threads(around.self_, around)["team"]
    assert said(mine) == ["When is my next visit?", "On Thursday"]
    assert (mine["state"], mine["unread"], mine["settled"]["how"]) == ("answered", 1, "reply")
    assert [one["by"]["relation"] for one in mine["messages"]] == ["self", "team"]


def test_sent_received_and_read_are_three_things_and_each_is_true(around: Around) -> None:
    id_ = wrote(around.self_, around, "Hello")["message"]["id"]

    def mine() -> tuple[bool, bool, list[str]]:
        one = threads(around.self_, around)["team"]["messages"][0]
        return bool(one["received_by_them_at"]), bool(one["read_at"]), one["read_by"]

    assert mine() == (False, False, [])
    waiting = inbox(around.nurse)["threads"][0]["waiting"]
    assert mine() == (False, False, []), "to ask for a list puts nothing on a screen"
    assert around.nurse.post("/threads/received", {"messages": waiting}).status_code == 204
    assert mine() == (True, False, [])
    assert around.nurse.post(around.path("/team/read"), {"upto": id_}).status_code == 204
    assert mine() == (True, True, [around.nurse_ref.name])
    reply = wrote(around.nurse, around, "Good morning", seen=id_)["message"]
    assert around.self_.post(around.path("/team/read"), {"upto": reply["id"]}).status_code == 204
    theirs = threads(around.nurse, around)["team"]["messages"][1]
    assert theirs["read_by"] == [around.person.name]
    assert threads(around.self_, around)["team"]["unread"] == 0


def test_the_same_message_twice_is_stored_once_and_nobody_elses_id_can_be_used(around: Around) -> None:
    id_ = uuid4()
    first = wrote(around.self_, around, "Once", id=id_)
    again = wrote(around.self_, around, "Once", id=id_)
    assert again["message"] == first["message"]
    assert said(threads(around.self_, around)["team"]) == ["Once"]
    assert put(around.nurse, around, "Mine", id=id_).status_code == 422
    assert put(around.self_, around, "Elsewhere", "practice", id=id_).status_code == 422


def test_a_message_made_without_a_network_says_so_and_keeps_both_times(around: Around) -> None:
    stored = wrote(
        around.self_, around, "From the train", X_Alongside_Made_At="2026-03-01T08:05:00+01:00",
        X_Alongside_Offline="1",
    )["message"]  # fmt: skip
    assert stored["made_at"] == "2026-03-01T07:05:00Z"
    assert stored["sent_late"] is True
    assert stored["received_at"] > stored["made_at"]


@pytest.mark.hazard("H95")
def test_what_came_while_the_nurse_was_writing_still_waits(around: Around) -> None:
    first = wrote(around.self_, around, "May I double my dose?")["message"]["id"]
    second = wrote(around.self_, around, "And I feel dizzy")["message"]
    answered = wrote(around.nurse, around, "No, please keep to it", seen=first)
    assert answered["state"] == "waiting"
    row = inbox(around.nurse)["threads"][0]
    assert row["waiting"] == [second["id"]]
    assert row["waiting_since"] == second["received_at"]


@pytest.mark.hazard("H95")
def test_words_of_danger_are_due_in_an_hour_and_stand_first(around: Around) -> None:
    calm = around.make.patient()
    around.make.caseload(around.team, calm)
    other = around.browse(around.make.account(patient=calm))
    path = f"/patients/{calm.public_id}/threads/team/messages/{uuid4()}"
    assert other.put(path, {"words": "A form to sign"}).status_code == 200
    stored = wrote(around.self_, around, "No chest pain since Monday")
    assert stored["danger"] == ["chest pain"]
    received = datetime.fromisoformat(stored["message"]["received_at"])
    assert datetime.fromisoformat(stored["reply_by"]) == received + DANGER
    found = inbox(around.nurse)
    assert found["waiting"] == 2
    assert [row["patient"]["display_name"] for row in found["threads"]] == [around.person.name, calm.name]
    assert found["threads"][0]["danger"] == ["chest pain"]
    told = around.run(
        "select facts ->> 'level' as level from communication where template = 'message-for-team'"
    )
    assert sorted(row.level or "" for row in told) == ["", "urgent"]


def test_a_second_message_moves_the_time_nearer_and_never_away(around: Around) -> None:
    first = wrote(around.self_, around, "A question")
    around.step("2 hours")
    assert wrote(around.self_, around, "Another")["reply_by"] == first["reply_by"]
    worse = wrote(around.self_, around, "I cannot breathe")
    left = datetime.fromisoformat(worse["reply_by"]) - datetime.fromisoformat(worse["message"]["received_at"])
    assert left == timedelta(minutes=60)


def test_whoever_takes_it_is_named_to_the_person_and_a_second_is_told_who_has_it(around: Around) -> None:
    wrote(around.self_, around, "Hello")
    version = inbox(around.nurse)["threads"][0]["version"]
    taken = around.nurse.post(around.path("/team/take"), If_Match=f'W/"{version}"')
    assert taken.get_json()["thread"]["owner"] == {"name": around.nurse_ref.name, "me": True}
    assert threads(around.self_, around)["team"]["owner"] == {"name": around.nurse_ref.name, "me": False}
    colleague = around.make.practitioner()
    around.make.membership(around.team, colleague)
    second = around.browse(around.make.account(practitioner=colleague), "team")
    refused = second.post(around.path("/team/take"), If_Match=f'W/"{version}"')
    assert refused.status_code == 412
    assert refused.get_json()["current"]["owner"]["name"] == around.nurse_ref.name


def test_no_reply_needed_asks_for_a_reason_that_the_person_sees(around: Around) -> None:
    id_ = wrote(around.self_, around, "Thank you!")["message"]["id"]
    version = inbox(around.nurse)["threads"][0]["version"]
    path, match = around.path("/team/no-reply-needed"), f'W/"{version}"'
    assert around.nurse.post(path, {"why": "", "seen": id_}, If_Match=match).status_code == 422
    done = around.nurse.post(path, {"why": "You said thank you", "seen": id_}, If_Match=match)
    assert done.status_code == 200
    settled = threads(around.self_, around)["team"]["settled"]
    assert (settled["how"], settled["why"]) == ("no-reply-needed", "You said thank you")
    assert around.nurse.post(around.path("/team/take"), If_Match=f'W/"{version + 1}"').status_code == 412


@pytest.mark.hazard("H96")
def test_what_is_private_does_not_exist_for_a_carer_nor_does_its_answer(around: Around) -> None:
    carer = around.carer("messages")
    wrote(around.self_, around, "My daughter need not know this", private=True)
    seen = threads(carer, around)["team"]
    assert (said(seen), seen["state"], seen["reply_by"], seen["unread"]) == ([], "quiet", None, 0)
    assert wrote(around.nurse, around, "Between us")["message"]["private"] is True
    after = threads(carer, around)["team"]
    assert (said(after), after["state"], after["settled"]) == ([], "quiet", None)
    assert said(threads(around.self_, around)["team"]) == ["My daughter need not know this", "Between us"]
    told = around.run("select to_kind from communication where template = 'message-from-team'")
    assert [row.to_kind for row in told] == ["patient"]


def test_a_carer_writes_under_their_own_name_and_hears_of_the_answer(around: Around) -> None:
    carer = around.carer("messages")
    mine = wrote(carer, around, "She is short of breath", private=True)["message"]
    assert (mine["by"]["relation"], mine["private"]) == ("carer", False)
    assert said(threads(around.self_, around)["team"]) == ["She is short of breath"]
    wrote(around.nurse, around, "I am calling now")
    told = around.run("select to_kind from communication where template = 'message-from-team' order by id")
    assert [row.to_kind for row in told] == ["patient", "related-person"]


def test_a_carer_without_the_scope_and_another_person_find_nothing(around: Around) -> None:
    for browser in (
        around.carer("readings", "plan"),
        around.browse(around.make.account(patient=around.make.patient())),
    ):
        assert browser.get(around.path()).status_code == 404
        assert put(browser, around, "Hello").status_code == 404


def test_the_practice_answers_its_own_conversation_and_never_sees_the_teams(around: Around) -> None:
    wrote(around.self_, around, "For the team alone")
    wrote(around.self_, around, "A repeat prescription, please", "practice")
    found = inbox(around.receptionist)
    assert (found["practice"], found["name"], found["waiting"]) == (True, "Quayside Surgery", 1)
    assert [row["last"]["words"] for row in found["threads"]] == ["A repeat prescription, please"]
    assert set(threads(around.receptionist, around)) == {"practice"}
    assert around.receptionist.get(around.path("/team")).status_code == 404
    assert put(around.receptionist, around, "Hello", "team").status_code == 404
    wrote(around.receptionist, around, "It is at the chemist", "practice")
    answer = threads(around.self_, around)["practice"]["messages"][1]
    assert answer["by"] == {"relation": "practice", "name": "Robin at the desk", "me": False}
    assert around.receptionist.get(f"/patients/{around.person.public_id}/record").status_code == 404


def test_the_team_sees_that_a_practice_is_waited_for_and_cannot_answer_for_it(around: Around) -> None:
    id_ = wrote(around.self_, around, "My results?", "practice")["message"]["id"]
    row = inbox(around.nurse)["threads"][0]
    assert (row["kind"], row["practice"], row["may_write"]) == ("practice", "Quayside Surgery", False)
    assert put(around.nurse, around, "Let me", "practice").status_code == 403
    around.nurse.post(around.path("/practice/read"), {"upto": id_})
    mine = threads(around.self_, around)["practice"]["messages"][0]
    assert mine["read_at"] is None, "the team that looks on is not the practice"
    wrote(around.receptionist, around, "All fine", "practice")
    assert inbox(around.nurse)["threads"] == []


def test_a_practice_says_what_it_promises_and_that_it_watches_for_nothing_urgent(around: Around) -> None:
    thread = threads(around.self_, around)["practice"]
    assert "within 3 working days" in thread["promise"]
    assert "does not watch messages for urgent help" in thread["promise"]
    assert thread["watching_now"] is False
    admin = around.make.practitioner("administrator")
    around.make.team([admin])
    desk = around.browse(around.make.account(practitioner=admin), "team")
    path = f"/organizations/{around.practice.public_id}/promise"
    assert around.nurse.post(path, {"working_days": 1, "said_on": "2026-11-01"}).status_code == 403
    assert desk.post(path, {"working_days": 1, "said_on": "2026-11-01"}).status_code == 204
    assert "within 1 working day." in threads(around.self_, around)["practice"]["promise"]
    listed = desk.get("/organizations/promises").get_json()
    mine = next(one for one in listed["rows"] if one["id"] == str(around.practice.public_id))
    assert (listed["unsaid"], mine["working_days"], mine["said_on"]) == (3, 1, "2026-11-01")
    assert around.nurse.get("/organizations/promises").status_code == 403


def test_a_practice_that_nobody_reads_for_is_not_offered(around: Around) -> None:
    around.run("delete from practice_member")
    assert set(threads(around.self_, around)) == {"team"}
    refused = put(around.self_, around, "Anybody?", "practice")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "nobody-reads")


def test_staff_of_another_practice_or_team_find_nothing(around: Around) -> None:
    elsewhere: Ref = around.make.organization("gp-practice")
    stranger = around.make.practitioner("practice")
    works_at(around.app, stranger, elsewhere)
    other = around.browse(around.make.account(practitioner=stranger), "team")
    wrote(around.self_, around, "Hello", "practice")
    assert other.get(around.path("/practice")).status_code == 404
    assert inbox(other)["threads"] == []
    away = around.make.practitioner()
    around.make.team([away])
    nurse = around.browse(around.make.account(practitioner=away), "team")
    assert nurse.get(around.path("/team")).status_code == 404
    ids = [one["id"] for one in threads(around.self_, around)["practice"]["messages"]]
    assert nurse.post("/threads/received", {"messages": ids}).status_code == 204
    assert threads(around.self_, around)["practice"]["messages"][0]["received_by_them_at"] is None


def test_home_says_who_has_the_message_and_by_when(around: Around) -> None:
    home = f"/patients/{around.person.public_id}/home"
    assert around.self_.get(home).get_json()["reply"] is None
    stored = wrote(around.self_, around, "Hello", private=True)
    assert around.self_.get(home).get_json()["reply"] == {
        "team": around.team.name, "by": stored["reply_by"], "state": "waiting",
    }  # fmt: skip
    assert around.carer("readings", "messages").get(home).get_json()["reply"] is None
    assert around.carer("readings").get(home).get_json()["reply"] is None


def test_older_messages_come_a_page_at_a_time(around: Around) -> None:
    for n in range(35):
        wrote(around.self_, around, f"Message {n}")
    page = around.self_.get(around.path("/team")).get_json()["thread"]
    assert (len(page["messages"]), page["more"]) == (30, True)
    before = page["messages"][0]["id"]
    earlier = around.self_.get(around.path(f"/team?before={before}")).get_json()["thread"]
    assert [one["words"] for one in earlier["messages"]] == [f"Message {n}" for n in range(5)]
    assert earlier["more"] is False


def test_empty_words_and_words_beyond_the_limit_are_refused(around: Around) -> None:
    for words in ("", "   \n ", "x" * 4001):
        refused = put(around.self_, around, words)
        assert refused.status_code == 422
        assert "words" in refused.get_json()["errors"]


def test_the_practice_is_told_where_it_is_reached_and_the_message_names_nobody(around: Around) -> None:
    around.run(
        "insert into organization_contact values (:id, 'email', 'desk@example.org')", id=around.practice.id
    )
    wrote(around.self_, around, "A repeat, please", "practice")
    told = around.run("select to_kind, to_ref, template, facts from communication")
    assert [(row.to_kind, row.to_ref, row.template) for row in told] == [
        ("organization", str(around.practice.public_id), "message-for-practice")
    ]
    assert set(told[0].facts) == {"thread"}


def test_words_of_danger_kept_from_a_carer_do_not_show_in_the_time_they_are_told(around: Around) -> None:
    carer = around.carer("messages")
    wrote(carer, around, "When is the next visit?")
    before = threads(carer, around)["team"]
    wrote(around.self_, around, "I have chest pain", private=True)
    assert threads(around.self_, around)["team"]["reply_by"] < before["reply_by"]
    after = threads(carer, around)["team"]
    assert {name for name in before if before[name] != after[name]} == set()
    around.step("61 minutes")
    assert threads(carer, around)["team"]["state"] == "waiting"
