import pytest

from navigator.row_numbers import row_number


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_a_number(text: str, number: int) -> None:
    assert row_number(text) == number


@pytest.mark.parametrize(
    "text", [None, "", "x", "-1", "+1", " 1", "1\n", "1.0", "1_0", "²", "١", "9" * 19, "9" * 5_000]
)
def test_whatever_is_no_number_of_a_row(text: str | None) -> None:
    assert row_number(text) == 0
