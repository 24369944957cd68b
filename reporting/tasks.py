"""Background work: each task calls one action, and is tried again where that fails.

`manage.py db_worker` does it, one job after the other, or one such process does each queue. A task
may be done twice: what it calls looks at what is still to do.
"""

from collections.abc import Callable
from functools import partial

from django_tasks import TaskContext, task

from indicators.tracing import traced
from reporting.actions import accounts, mails, reminders
from reporting.actions.jobs import BOOKS, try_again
from reporting.documents import books


@task(takes_context=True)
def deliver_mail(context: TaskContext, attempt: int = 1) -> None:
    """Write and send the letters that go out now."""
    _do(mails.deliver, context, attempt)


@task(takes_context=True)
def remind(context: TaskContext, attempt: int = 1) -> None:
    """Remind of due days, and write the letters of the day."""
    _do(reminders.remind, context, attempt)


@task(takes_context=True)
def send_invitation(context: TaskContext, user_id: int, attempt: int = 1) -> None:
    """Send one person the link to choose a password."""
    _do(partial(accounts.send_invitation, user_id), context, attempt)


@task(takes_context=True)
def send_reset(context: TaskContext, user_id: int, attempt: int = 1) -> None:
    """Send one person the link to choose a new password."""
    _do(partial(accounts.send_reset, user_id), context, attempt)


@task(takes_context=True)
def tell_old_email(context: TaskContext, line_id: int, attempt: int = 1) -> None:
    """Tell the e-mail that an account had before that it has another."""
    _do(partial(accounts.tell_old_email, line_id), context, attempt)


@task(takes_context=True, queue_name=BOOKS)
def make_book(context: TaskContext, attempt: int = 1) -> None:
    """Make the next of the books that wait."""
    _do(books.make_next_book, context, attempt)


# What people call the work.
NAMES = {
    deliver_mail.module_path: "Gửi thư",
    remind.module_path: "Nhắc hạn và thư gộp hằng ngày",
    send_invitation.module_path: "Gửi thư mời",
    send_reset.module_path: "Gửi thư đặt lại mật khẩu",
    tell_old_email.module_path: "Báo e-mail cũ rằng tài khoản đã đổi e-mail",
    make_book.module_path: "Làm quyển phụ lục",
}


def _do(work: Callable[[], None], context: TaskContext, attempt: int) -> None:
    """Do the work under the job's name, which the record keeps. Where it fails, another job tries
    again later; this one keeps the trace."""
    job = context.task_result
    with traced(f"job-{job.id}"):
        try:
            work()
        except Exception:
            given = {name: value for name, value in job.kwargs.items() if name != "attempt"}
            try_again(job.task, attempt=attempt, **given)
            raise
