"""The name of the request, job or command under way."""

import re
from contextvars import copy_context

import pytest

from indicators.tracing import LONGEST, request_id, request_name, traced


def test_there_is_no_name_outside_of_a_request() -> None:
    assert request_id() == ""


def test_what_is_written_inside_carries_the_name_and_nothing_after_it() -> None:
    with traced("job-0001"):
        assert request_id() == "job-0001"
        with traced("job-0002"):
            assert request_id() == "job-0002"
        assert request_id() == "job-0001"
    assert request_id() == ""


def test_a_name_ends_with_the_work_that_failed() -> None:
    with pytest.raises(LookupError), traced("job-0001"):
        raise LookupError
    assert request_id() == ""


def test_another_thread_of_work_does_not_see_the_name() -> None:
    outside = copy_context()
    with traced("job-0001"):
        assert outside.run(request_id) == ""


def test_a_name_is_cut_to_what_the_record_keeps() -> None:
    with traced("x" * 99) as name:
        assert request_id() == name == "x" * LONGEST


@pytest.mark.parametrize("given", ["b7c1f0a2-7d11", "A.b_c-12", "x" * 8, "x" * LONGEST])
def test_a_well_formed_name_is_kept(given: str) -> None:
    assert request_name(given) == given


@pytest.mark.parametrize(
    "given", ["", "ngắn", "x" * 7, "x" * 41, "eight lt", "abcdefgh\n", "<script>1", "mã-yêu-cầu-1"]
)
def test_any_other_name_is_replaced_by_a_new_one(given: str) -> None:
    made = {request_name(given), request_name(given)}
    assert len(made) == 2
    assert all(re.fullmatch(r"[0-9a-f]{16}", name) for name in made)
