"""A picture on a page: with its caption and the table behind it, whose words are escaped."""

from decimal import Decimal

from django.template.loader import render_to_string

from reporting.pictures import Bar, Bars, Cell, Figure, bars


def test_a_picture_stands_with_its_table() -> None:
    figure = Figure(
        svg=bars(Bars("b", "So sánh", [Bar("Sở Y tế", Decimal(3))])),
        caption="So sánh <đơn vị>",
        head=["Đơn vị", "Số liệu", "Biểu"],
        rows=[
            [Cell("Sở <Y tế>"), Cell("3", "/dot/Q1/"), Cell("A", is_number=False)],
            [Cell("Sở Nội vụ"), Cell("–"), Cell("B", is_number=False)],
        ],
        note="Chỉ cộng báo cáo đã duyệt.",
    )
    html = render_to_string("pictures/figure.html", {"figure": figure})
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="picture bars" role="group"' in html
    assert "<figcaption>So sánh &lt;đơn vị&gt;</figcaption>" in html
    assert '<th scope="row">Sở &lt;Y tế&gt;</th>' in html
    assert '<td class="num"><a href="/dot/Q1/">3</a></td>' in html
    assert '<th scope="col">Đơn vị</th><th scope="col" class="num">Số liệu</th>' in html
    assert '<th scope="col">Biểu</th>' in html
    assert html.count('<th scope="row">') == 2
    assert "Chỉ cộng báo cáo đã duyệt." in html
    assert " style=" not in html


def test_a_picture_of_nothing_has_no_table() -> None:
    figure = Figure(bars(Bars("b", "So sánh", [])), "So sánh", ["Đơn vị", "Số liệu"], [])
    assert "<details>" not in render_to_string("pictures/figure.html", {"figure": figure})
