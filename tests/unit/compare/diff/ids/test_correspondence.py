"""A value that one side gave out stands for the other side's, and for no third one."""

from __future__ import annotations

import uuid

import pytest

from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.core.unique import new_unique

ONE, OTHER = "7f3c1c2e-8a51-4c0b-9d2e-5b7a1f0c3d42", "0b9e4f10-1f2a-4c3b-8d4e-6a7b8c9d0e1f"


def test_a_long_id_stands_for_the_others_everywhere() -> None:
    values = Correspondence()
    values.heard("id", ONE, OTHER)
    assert values.same("owner", ONE, OTHER)
    assert values.same("note", f"made by {ONE}", f"made by {OTHER}")
    assert values.same("href", f"/lots/{ONE}/history", f"/lots/{OTHER}/history")
    assert not values.same("owner", ONE, ONE[::-1])


def test_a_short_id_stands_for_the_others_in_members_of_its_name_and_in_requests() -> None:
    values = Correspondence()
    values.heard("id", b"7", b"12")
    assert values.same("id", b"7", b"12")
    assert values.same("lot_id", b"7", b"12")
    assert not values.same("weight", b"7", b"12")
    assert not values.same("note", "number 7", "number 12")
    assert values.same_in_request("", "/lots/7", "/lots/12")


def test_a_value_that_differs_steadily_stands_for_nothing_in_another_answer() -> None:
    values = Correspondence()
    values.heard("stock", b"7", b"0")
    assert not values.same("stock", b"7", b"0")
    assert values.same_in_request("stock", b"7", b"0")  # a client that puts back what it read


def test_what_the_test_makes_up_is_the_same_request_and_its_answer_says_it_too() -> None:
    values = Correspondence()
    assert values.same_in_request("name", "Ann 5512", "Bob 9071")
    assert values.same("name", "Ann 5512", "Bob 9071")
    assert not values.same("name", "Ann 5512", "Ann 0000")


def test_what_an_answer_gave_out_is_not_made_up() -> None:
    values = Correspondence()
    values.heard("first", "alpha", "alpha")
    values.heard("second", "omega", "omega")
    assert not values.same_in_request("chosen", "alpha", "omega")


def test_the_answer_to_a_request_is_about_what_it_asked_for() -> None:
    values = Correspondence()
    values.heard("id", b"7", b"12")
    values.begin_request()
    assert values.same_in_request("", "/lots/7", "/lots/12")
    assert values.expected("id", b"7") == "12"
    values.begin_request()
    assert values.expected("id", b"7") is None


def test_ids_of_two_databases_are_one_to_one() -> None:
    values = Correspondence()
    assert values.may_be_ids("id", b"1", b"701")
    assert not values.may_be_ids("id", b"1", b"702")
    assert not values.may_be_ids("id", b"2", b"701")
    assert not values.may_be_ids("stock", b"4", b"5")


def test_an_id_without_a_digit_is_a_code_where_codes_of_its_length_are_known() -> None:
    values = Correspondence()
    assert not values.may_be_ids("objectId", "RMjnDIjugX", "ZwceGXBAac")
    values.heard("objectId", "3K2dSvwBNj", "lCHj7rPvep")
    assert values.carried().may_be_ids("objectId", "RMjnDIjugX", "ZwceGXBAac")
    assert values.may_be_ids("objectId", "7Mjn2IjugX", "ZwceGXBAad")
    assert values.are_codes("objectId", "7Mjn2IjugX", "ZwceGXBAad")
    assert not values.may_be_ids("objectId", "9Mjn2IjugX", "undefined")  # of another length
    assert not values.may_be_ids("kind_id", "RMjnDIjugY", "ZwceGXBAae")  # of another name


@pytest.mark.parametrize(("left", "right"), [("game12", "game77"), ("record0012", "record0077")])
def test_a_word_with_a_number_makes_no_code_of_a_word(left: str, right: str) -> None:
    values = Correspondence()
    values.heard("ref_id", left, right)
    word, other = "standardly"[: len(left)], "individual"[: len(left)]
    assert not values.may_be_ids("ref_id", word, other)


def test_codes_of_an_earlier_test_are_known_in_a_later_one() -> None:
    values = Correspondence()
    values.generated([("lotkrtvw42", "lotmnpqr77")])
    later = values.carried()
    assert later.same("code", "lotkrtvw42", "lotmnpqr77")
    assert later.same("note", "see lotkrtvw42", "see lotmnpqr77")
    assert later.is_of_run("code", "lotkrtvw42")


def test_codes_of_another_run_stand_for_each_other_one_to_one() -> None:
    one, other, third = (new_unique("LOT") for _ in range(3))
    values = Correspondence()
    assert values.of_another_run(one, other)
    assert values.of_another_run(one, other)
    assert not values.of_another_run(one, third)
    assert not values.of_another_run(third, other)
    assert not values.of_another_run(third, new_unique("BOX"))
    assert not values.of_another_run(third, "foo")


def test_a_bare_id_of_another_test_may_be_that_of_another_table() -> None:
    books = Correspondence()
    assert books.may_be_ids("id", b"1", b"701")
    assert not books.may_be_ids("id", b"1", b"501")  # in one test it is one thing
    assert not books.may_be_ids("id", b"2", b"701")
    people = books.carried()
    assert people.may_be_ids("id", b"1", b"501")
    assert not people.may_be_ids("id", b"1", b"502")
    assert not people.may_be_ids("id", b"2", b"501")


def test_a_name_that_tells_its_table_has_one_partner_in_all_tests() -> None:
    earlier = Correspondence()
    assert earlier.may_be_ids("book_id", b"1", b"701")
    assert not earlier.carried().may_be_ids("book_id", b"1", b"501")


def test_long_ids_of_earlier_tests_name_the_same_things_in_later_ones() -> None:
    known = Correspondence()
    ours, theirs = ([str(uuid.uuid4()) for _ in "AB"] for _ in "12")
    for left, right in zip(ours, theirs, strict=True):
        known.heard("id", left, right)
    known = known.carried()

    assert known.are_two_things("id", ours[0], theirs[1])
    assert known.are_two_things("lot_id", ours[0], theirs[1])
    assert not known.are_two_things("id", ours[0], theirs[0])
    assert not known.are_two_things("id", ours[0], str(uuid.uuid4()))  # a row that nobody knows
    assert not known.are_two_things("checksum", ours[0], theirs[1])


def test_an_answer_refers_to_what_its_request_did() -> None:
    values = Correspondence()
    values.heard("id", b"5", b"7")
    assert values.same_in_request("author_id", b"5", b"7")
    assert not values.may_be_ids("author_id", b"5", b"8")
    assert values.may_be_ids("shelf_id", b"5", b"8")
    values.begin_request()
    assert values.may_be_ids("author_id", b"5", b"8")


def test_an_id_that_was_sent_in_a_member_stands_for_the_others_there_in_later_tests() -> None:
    values = Correspondence()
    values.heard("id", b"2", b"3")
    assert values.same_in_request("parent", b"2", b"3")
    later = values.carried()
    assert later.same("parent", b"2", b"3")
    assert not later.same("parent", b"2", b"4")
    assert not later.same("count", b"2", b"3")


def test_an_escaped_sign_of_a_link_is_one_of_a_name_and_stands_between_two() -> None:
    values = Correspondence()
    values.heard("id", "lot/101", "lot/501")
    values.heard("id", "lot/102", "lot/502")
    values.heard("id", b"7", b"12")
    link = "/lots/lot%2F{}"
    assert values.same("href", link.format(101), link.format(501))
    assert not values.same("href", link.format(101), link.format(502))
    assert not values.may_be_addresses(link.format(101), link.format(502))
    assert values.same("href", "/find?q=lot%207%20all", "/find?q=lot%2012%20all")
    assert not values.same("href", "/find?q=lot%207%20all", "/find?q=lot%2013%20all")
    assert not values.same("href", link.format(101), "/lots/lot/501"), "spelled in another way"
