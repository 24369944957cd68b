"""A picture on a page: with its caption and the table behind it, whose words are escaped."""

from decimal import Decimal

from django.template.loader import render_to_string

from reporting.pictures import Bar, Bars, Cell, Figure, bars


def test_a_picture_stands_with_its_table() -> None:
    figure = Figure(
        svg=bars(Bars("b", "So sánh", [Bar("Sở Y tế", Decimal(3))])),
        caption="So sánh <đơn vị>",
        head=["Đơn vị", "Số liệu"],
        rows=[[Cell("Sở <Y tế>"), Cell("3", "/dot/Q1/")], [Cell("Sở Nội vụ"), Cell("–")]],
        note="Chỉ cộng báo cáo đã duyệt.",
    )
    html = render_to_string("pictures/figure.html", {"figure": figure})
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="picture bars" role="img"' in html
    assert "<figcaption>So sánh &lt;đơn vị&gt;</figcaption>" in html
    assert '<th scope="row">Sở &lt;Y tế&gt;</th>' in html
    assert '<td class="num"><a href="/dot/Q1/">3</a></td>' in html
    assert html.count('<th scope="row">') == 2
    assert "Chỉ cộng báo cáo đã duyệt." in html
    assert " style=" not in html
