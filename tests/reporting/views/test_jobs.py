"""The operators' page of background jobs."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries

from reporting.actions.jobs import BINDING, BOOKS
from reporting.models import RecordLine, User
from tests.reporting.background import failed_job, job

READY, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING
FAILED, SUCCESSFUL = TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL


@pytest.fixture
def operators(client: Client, quantri: User) -> Client:
    client.force_login(quantri)
    return client


def page_of(client: Client, query: str = "") -> str:
    content: str = client.get(f"/viec-nen/{query}").content.decode()
    return content


def test_an_empty_page_says_what_will_come_here(operators: Client) -> None:
    assert "Chưa có việc nền nào" in page_of(operators)


def test_jobs_are_told_in_words_with_their_tries_and_traces(operators: Client) -> None:
    failed_job()
    job(SUCCESSFUL, path="reporting.tasks.remind")
    job(SUCCESSFUL, path="reporting.tasks.of_a_former_release")
    page = page_of(operators)
    for words in ("Gửi thư", "Nhắc hạn và thư gộp hằng ngày", "of_a_former_release", "Hỏng"):
        assert words in page
    assert "<summary>OSError: no route to host</summary>" in page
    assert "&lt;b&gt;dòng&lt;/b&gt;" in page
    assert page.count("chay-lai") == 1


def test_jobs_are_filtered_by_status(operators: Client) -> None:
    for status in (READY, RUNNING, FAILED, SUCCESSFUL):
        job(status, minutes_ago=1)
    for query, count in (("", 4), ("?trang-thai=FAILED", 1), ("?trang-thai=GI", 4)):
        assert len(operators.get(f"/viec-nen/{query}").context["jobs"]) == count
    DBTaskResult.objects.filter(status=FAILED).delete()
    assert "Không có việc nào ở tình trạng này" in page_of(operators, "?trang-thai=FAILED")


@pytest.mark.parametrize(("minutes", "warns"), [(4, False), (6, True)])
def test_it_warns_where_no_worker_seems_to_run(
    operators: Client, minutes: int, warns: bool
) -> None:
    job(READY, minutes_ago=minutes)
    assert ("tiến trình làm việc nền không chạy" in page_of(operators)) is warns


def test_it_says_what_waits_and_in_which_queue(operators: Client) -> None:
    job(READY, minutes_ago=6, path=BINDING, queue=BOOKS)
    page = page_of(operators)
    assert "«Làm quyển phụ lục»" in page
    assert "không nhận hàng đợi <code>books</code>" in page


def test_a_job_that_stands_is_marked_and_may_run_again(operators: Client) -> None:
    stuck = job(RUNNING, minutes_ago=16)
    assert "Đứng quá 15 phút" in page_of(operators)
    answer = operators.post(f"/viec-nen/{stuck.pk}/chay-lai/", follow=True).content.decode()
    assert "Việc «Gửi thư» sẽ được chạy lại." in answer
    assert DBTaskResult.objects.get().status == READY
    assert RecordLine.objects.get().act == "job-again"


def test_a_refusal_is_a_sentence_and_changes_nothing(operators: Client) -> None:
    running = job(RUNNING, minutes_ago=1)
    response: Any = operators.post(f"/viec-nen/{running.pk}/chay-lai/")
    assert response.status_code == 409
    assert "không chạy lại" in response.content.decode()
    assert DBTaskResult.objects.get().status == RUNNING


def test_a_job_that_is_not_there_answers_404(operators: Client) -> None:
    assert operators.post(f"/viec-nen/{uuid4()}/chay-lai/").status_code == 404


def test_who_runs_nothing_finds_no_page(client: Client, hanh: User) -> None:
    failed = failed_job()
    client.force_login(hanh)
    assert client.get("/viec-nen/").status_code == 404
    assert client.post(f"/viec-nen/{failed.pk}/chay-lai/").status_code == 404
    assert DBTaskResult.objects.get().status == FAILED


def test_the_page_costs_the_same_for_one_and_three(
    operators: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 2):
        for _ in range(number):
            failed_job()
        with django_assert_num_queries(7):  # session, account, count, counts, page, oldest, roles
            page_of(operators)
