"""Two catalogue managers."""

import pytest

from reporting.models import User
from tests.cast import person


@pytest.fixture
def lan(db: None) -> User:
    return person("lan", "Ngô Thị Lan")


@pytest.fixture
def minh(db: None) -> User:
    return person("minh", "Đặng Quang Minh")
