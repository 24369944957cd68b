"""A form version as frozen values."""

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.catalogue.documents import definition, recorded
from indicators.catalogue.written import Document, blank_row
from indicators.definition import FormDefinition, Option, RowDefinition, options
from indicators.kinds import AcrossAgencies, Kind, Scope
from indicators.models import Form, FormVersion
from indicators.queries.definitions import form_definition, head_of
from tests.cast import form
from tests.indicators.sheets import HEAD, RULE, document


@pytest.fixture
def department(db: None) -> FormDefinition:
    return form_definition(form("PL2-KH-2022"))


def row(definition: FormDefinition, key: str) -> RowDefinition:
    return definition.by_key[key]


def test_choices_keep_their_printed_order() -> None:
    assert options("1=Đã thực hiện|0=Chưa thực hiện") == (
        Option("1", "Đã thực hiện"),
        Option("0", "Chưa thực hiện"),
    )


@pytest.mark.parametrize("text", ["Không", "=Không", "0=", " = ", "0=Không|Có"])
def test_what_is_no_choice_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="không có dạng mã=nhãn"):
        options(text)


def test_an_option_is_found_by_its_code_only(department: FormDefinition) -> None:
    survey = row(department, "1.6.b")
    assert survey.option("2") == Option("2", "Kết hợp")
    assert survey.option("3") is None
    assert survey.option("") is None


def test_a_row_knows_its_place_in_the_tree(department: FormDefinition) -> None:
    late = row(department, "3.4.4.a")
    assert (late.parent, late.depth, late.section) == ("3.4.4", 3, "3")
    top = row(department, "3")
    assert (top.parent, top.depth, top.section) == ("", 0, "3")


def test_headings_and_computed_rates_are_not_typed(department: FormDefinition) -> None:
    assert row(department, "1.3").kind is Kind.HEADING
    assert not row(department, "1.3").is_typed
    assert row(department, "1.2").is_derived
    assert not row(department, "1.2").is_typed
    assert row(department, "1.2.a").is_typed
    # 207 rows less 33 headings and 16 rates with a formula.
    assert len(department.typed_rows) == 158


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("1.1", "1.1 Số văn bản chỉ đạo CCHC đã ban hành (Kế…"),
        ("1.2", "1.2 Tỷ lệ hoàn thành kế hoạch CCHC năm (lũy kế…"),
        ("1.7", "1.7 Tổ chức/tham mưu UBND tỉnh tổ chức đối thoại của…"),
        ("1.3", "1.3 Kiểm tra công tác CCHC"),
        ("1.2.b", "«Số nhiệm vụ đã hoàn thành»"),
    ],
)
def test_messages_call_a_row_by_its_stt_or_its_first_words(
    department: FormDefinition, key: str, name: str
) -> None:
    assert row(department, key).name() == name


def test_trong_do_in_the_stt_column_is_no_number(db: None) -> None:
    commune = form_definition(form("PL2-XA-QN-2022"))
    assert commune.by_key["3.1.3.a"].stt == "Trong đó"
    assert commune.by_key["3.1.3.a"].name() == "«Số TTHC cấp tỉnh»"


def test_a_published_form_is_read_once(
    department: FormDefinition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = form("PL2-KH-2022")
    with django_assert_num_queries(0):
        assert form_definition(version) is department


def test_a_draft_is_read_from_itself() -> None:
    """Without the database: no test reaches it that does not ask for it."""
    version = FormVersion(
        pk=7,
        form=Form(code=HEAD.form, name=HEAD.form_name),
        draft=recorded(document(rules=[RULE])),
        **{
            name: getattr(HEAD, name)
            for name in HEAD.__dataclass_fields__
            if name not in {"form", "form_name"}
        },
    )
    found = form_definition(version)
    assert head_of(version) == HEAD
    assert [row.key for row in found.rows] == ["1", "1.1", "1.1.a", "1.1.b", "1.2"]
    assert [rule.code for rule in found.rules] == ["dung-han"]
    version.draft = recorded(document("1.1.a", "label", "- Tất cả"))
    assert form_definition(version).by_key["1.1.a"].label == "- Tất cả"


# Who is asked


def asking(way: AcrossAgencies, asked: str, reporter: str) -> RowDefinition:
    row = blank_row(
        key="1", label="Số", kind="count", across_agencies=way, asked=asked, reporter=reporter
    )
    return definition(HEAD, Document([row]), version_id=1).by_key["1"]


# Kind of the agency and the functions that it holds.
PEOPLE = {
    "so": ("so", []),
    "so noi_vu": ("so", ["noi_vu"]),
    "so tu_phap": ("so", ["tu_phap", "noi_chinh"]),
    "huyen": ("huyen", []),
    "nganh_doc tu_phap": ("nganh_doc", ["tu_phap"]),
}
# For each agency of PEOPLE: o its own figure, p the province's, - not asked.
SCOPES = [
    (AcrossAgencies.SUM, "", "", "ooooo"),
    (AcrossAgencies.SUM, "so", "", "ooo--"),
    (AcrossAgencies.SUM, "huyen nganh_doc", "", "---oo"),
    (AcrossAgencies.SUM, "noi_vu", "", "-o---"),
    (AcrossAgencies.SUM, "huyen tu_phap", "", "--ooo"),
    (AcrossAgencies.SUM, "xa", "", "-----"),
    # Where figures are added, who also reports the whole province's has figures of its own.
    (AcrossAgencies.SUM, "", "noi_vu", "ooooo"),
    (AcrossAgencies.SUM, "so", "noi_vu", "ooo--"),
    (AcrossAgencies.NONE, "huyen", "noi_vu", "-o-o-"),
    (AcrossAgencies.NONE, "huyen", "noi_vu tu_phap", "-oooo"),
    (AcrossAgencies.DESIGNATED, "", "noi_vu", "-p---"),
    (AcrossAgencies.DESIGNATED, "", "tu_phap", "--p-p"),
    (AcrossAgencies.DESIGNATED, "so", "noi_vu", "opo--"),
    (AcrossAgencies.DESIGNATED, "huyen", "noi_vu", "-p-o-"),
    (AcrossAgencies.DESIGNATED, "tu_phap", "noi_vu", "-po-o"),
    # A draft that does not name the one yet.
    (AcrossAgencies.DESIGNATED, "", "", "ooooo"),
]
WORDS = {"o": Scope.OWN, "p": Scope.PROVINCE, "-": Scope.OUTSIDE}


@pytest.mark.parametrize(("way", "asked", "reporter", "expected"), SCOPES)
def test_a_row_is_of_whom_it_asks(
    way: AcrossAgencies, asked: str, reporter: str, expected: str
) -> None:
    found = asking(way, asked, reporter)
    scopes = {name: found.scope(kind, functions) for name, (kind, functions) in PEOPLE.items()}
    assert scopes == {name: WORDS[letter] for name, letter in zip(PEOPLE, expected, strict=True)}


@pytest.mark.parametrize(
    ("way", "reporter", "designated"),
    [
        (AcrossAgencies.DESIGNATED, "noi_vu", "noi_vu"),
        (AcrossAgencies.DESIGNATED, "", ""),
        (AcrossAgencies.SUM, "noi_vu", ""),
        (AcrossAgencies.NONE, "noi_vu", ""),
    ],
)
def test_only_one_alone_is_designated(way: AcrossAgencies, reporter: str, designated: str) -> None:
    assert asking(way, "", reporter).designated == designated
