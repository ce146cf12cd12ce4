"""CSV in the shapes that people have it: encodings, separators, headings, decimal marks, dates, gaps."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from batchviz.experiment.limits import MAX_OWN_ROWS
from batchviz.importers.table import Kind, Reading, Table, TooManyRows, dates, read
from batchviz.text.column import remarks, way
from batchviz.text.table import sentences

PLAIN = "size,price\n10,1.5\n20,2.5\n30,4\n"


def table(text: str, how: Reading | None = None) -> Table:
    return read(text.encode(), how)


def column(*words: str, separator: str = ",") -> object:
    """The column that these words make, beside one of plain numbers."""
    lines = [f'other{separator}"column"', *(f'{i}.5{separator}"{word}"' for i, word in enumerate(words))]
    return table("\n".join(lines), Reading(separator=separator)).column("column")


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        codecs.BOM_UTF8 + PLAIN.encode(),
        codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + PLAIN.encode("utf-32-le"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
        PLAIN.replace(",", ";").replace(".", ",").encode(),
        b"sep=;\n" + PLAIN.replace(",", ";").encode(),
        b"\n\n" + PLAIN.encode(),
        PLAIN.replace("\n", "\n\n").encode(),
        PLAIN.rstrip().encode(),
        PLAIN.replace("10", '"10"').replace("size", '"size"').encode(),
        PLAIN.replace(",", " , ").encode(),
    ],
)
def test_one_table_in_many_spellings(data: bytes) -> None:
    found = read(data)
    assert found.names == ["size", "price"]
    np.testing.assert_array_equal(found.column("size").numbers, [10, 20, 30])
    np.testing.assert_array_equal(found.column("price").numbers, [1.5, 2.5, 4])


def test_what_is_not_utf_8_is_read_as_windows_1252_and_that_is_said() -> None:
    found = read("city,x\nKöln,1\nBonn,2\n".encode("cp1252"))
    assert found.column("city").words == ("Bonn", "Köln")
    assert any(
        note.startswith("Read as Windows-1252, because byte 9 of the file (line 2)")
        for note in sentences(found.notes)
    )


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["1,234.5", "2", "3.25"], [1234.5, 2, 3.25]),
        (["1.234,5", "2", "3,25"], [1234.5, 2, 3.25]),
        (["1 234,5", "2", "3,25"], [1234.5, 2, 3.25]),
        (["1'234.5", "2", "3.25"], [1234.5, 2, 3.25]),
        (["+1", "-2", "-.5e-3"], [1, -2, -0.0005]),
        (["1e308", "-1e-308", "0"], [1e308, -1e-308, 0]),
        (["0.123", "1.234", "12.345"], [0.123, 1.234, 12.345]),
        (["1,234,567", "1,000", "12"], [1234567, 1000, 12]),
        ([" 7 ", "8", "\u00a09"], [7, 8, 9]),
    ],
)
def test_numbers_are_read_as_they_are_meant(words: list[str], values: list[float]) -> None:
    found = column(*words)
    assert found.kind is Kind.NUMBER
    np.testing.assert_array_equal(found.numbers, values)


def test_the_files_other_columns_decide_on_a_mark_that_fits_both_ways() -> None:
    comma = table("a;b\n1,5;1.234\n2,25;2.345\n")
    np.testing.assert_array_equal(comma.column("b").numbers, [1234, 2345])
    point = table("a;b\n1.5;1.234\n2.25;2.345\n")
    np.testing.assert_array_equal(point.column("b").numbers, [1.234, 2.345])
    assert "\u201c1.234\u201d is read as 1234" in remarks(comma.column("b").remarks)


def test_a_chosen_decimal_mark_counts() -> None:
    text = 'a,b\nx,"1,234"\ny,"2,345"\n'
    np.testing.assert_array_equal(table(text).column("b").numbers, [1234, 2345])
    np.testing.assert_array_equal(table(text, Reading(decimal=",")).column("b").numbers, [1.234, 2.345])


@pytest.mark.parametrize("word", ["", "NA", "n/a", "NaN", "NULL", "?", "-", "#N/A", "<NA>", "None"])
def test_words_for_missing(word: str) -> None:
    found = column("1", word, "3")
    assert found.kind is Kind.NUMBER
    assert found.missing.tolist() == [False, True, False]


def test_none_among_categories_is_a_category() -> None:
    assert column("low", "None", "high").words == ("None", "high", "low")


@pytest.mark.parametrize("word", ["inf", "-Infinity", "∞", "1e999"])
def test_infinite_numbers_count_as_missing(word: str) -> None:
    found = column(*["1", "2"] * 20, word)
    assert found.kind is Kind.NUMBER
    assert found.missing.sum() == 1
    assert f"1 value is no finite number (\u201c{word}\u201d): counted as missing." in remarks(found.remarks)


def test_a_few_words_among_numbers_count_as_missing_and_are_quoted() -> None:
    found = column(*(str(i) for i in range(98)), "pending", "pending")
    assert found.kind is Kind.NUMBER
    assert found.missing.sum() == 2
    assert (
        remarks(found.remarks) == "2 values are no finite numbers (\u201cpending\u201d): counted as missing."
    )


@pytest.mark.parametrize("word", ["unknown", "Missing", "n.a.", "--", ".", "#DIV/0!", "\u2013", "k. A."])
def test_words_that_mean_missing_do_so_however_many_they_are(word: str) -> None:
    found = column(*(str(i) for i in range(60)), *[word] * 40)
    assert (found.kind, found.missing.sum()) == (Kind.NUMBER, 40)
    assert remarks(found.remarks) == f"40 values count as missing: \u201c{word}\u201d."
    assert column("low", word, "high").kind is Kind.CATEGORY


@pytest.mark.parametrize("mark", ["-999", "9999", "-99"])
def test_nines_far_from_every_other_value_are_pointed_out(mark: str) -> None:
    found = column(*(f"{i}.5" for i in range(15)), mark, mark)
    assert (found.kind, found.missing.sum()) == (Kind.NUMBER, 0)
    assert remarks(found.remarks).startswith(
        f"\u201c{mark}\u201d stands in 2 rows, far from every other value:"
    )
    assert not column(*(f"{i}.5" for i in range(200)), "999", "999", "998").remarks


def test_many_words_among_numbers_make_no_column_of_numbers() -> None:
    found = column(*(str(i) for i in range(90)), *(f"unknown {i}" for i in range(10)))
    assert found.kind is Kind.CATEGORY or found.kind is Kind.TEXT
    assert remarks(found.remarks).startswith(
        "90 % of the values are numbers, not all (\u201cunknown 0\u201d)"
    )


@pytest.mark.parametrize(
    ("words", "moments"),
    [
        (["2024-02-29", "1969-12-31"], [datetime(2024, 2, 29), datetime(1969, 12, 31)]),
        (["2024/2/9", "2023/12/1"], [datetime(2024, 2, 9), datetime(2023, 12, 1)]),
        (["2024-02-29T12:30:15.5Z", "2024-02-29 06:00"],
         [datetime(2024, 2, 29, 12, 30, 15, 500_000), datetime(2024, 2, 29, 6)]),
        (["2024-01-01T00:30+01:00", "2024-01-01T00:30-0230"],
         [datetime(2023, 12, 31, 23, 30), datetime(2024, 1, 1, 3)]),
        (["31.3.2024", "1.4.2024"], [datetime(2024, 3, 31), datetime(2024, 4, 1)]),
        (["31/3/2024", "1/4/2024"], [datetime(2024, 3, 31), datetime(2024, 4, 1)]),
        (["3/31/2024", "4/1/2024"], [datetime(2024, 3, 31), datetime(2024, 4, 1)]),
        (["1/4/2024", "2/4/2024"], [datetime(2024, 4, 1), datetime(2024, 4, 2)]),
        (["3 Mar 2024", "12-Apr-24"], [datetime(2024, 3, 3), datetime(2024, 4, 12)]),
        (["March 3, 2024", "Sept. 4 2024"], [datetime(2024, 3, 3), datetime(2024, 9, 4)]),
        (["3. März 2024", "5 de mayo de 2024"], [datetime(2024, 3, 3), datetime(2024, 5, 5)]),
        (["Mon, 04 Mar 2024 12:00:00 GMT", "Feb 2024"], [datetime(2024, 3, 4, 12), datetime(2024, 2, 1)]),
        (["2024-03", "2024/11"], [datetime(2024, 3, 1), datetime(2024, 11, 1)]),
        (["31.12.99", "1.2.00"], [datetime(1999, 12, 31), datetime(2000, 2, 1)]),
        (["3/31/24 1:30 PM", "4/1/24 12:05 am"], [datetime(2024, 3, 31, 13, 30), datetime(2024, 4, 1, 0, 5)]),
        (["0001-01-01", "9999-12-31"], [datetime(1, 1, 1), datetime(9999, 12, 31)]),
    ],
)  # fmt: skip
def test_dates_are_days(words: list[str], moments: list[datetime]) -> None:
    found = column(*words)
    assert found.kind is Kind.DATE
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    days = [(moment.replace(tzinfo=UTC) - epoch).total_seconds() / 86_400 for moment in moments]
    np.testing.assert_allclose(found.numbers, days, rtol=0, atol=1e-9)


def test_a_months_name_is_seen_in_every_language_before_its_patterns_are_compiled() -> None:
    starts = [start for names in dates._MONTHS for start in names]
    words = pa.array(
        [f"3. {start.capitalize()} 2020" for start in starts] + [f"2020 {s.upper()}" for s in starts]
    )
    assert pc.all(pc.match_substring_regex(words, dates._MONTH_AND_NUMBER)).as_py()
    assert column("3. März 2024", "5. März 2024").kind is Kind.DATE
    assert column("Block 7", "Nr. 12").kind is Kind.CATEGORY


def test_days_that_do_not_exist_are_no_dates() -> None:
    assert column("2023-02-29", "2024-13-01", "2024-04-31").kind is Kind.CATEGORY


def test_the_order_of_day_and_month_is_said_where_nothing_decides() -> None:
    assert (
        remarks(column("1/4/2024", "2/4/2024").remarks)
        == "read as day before month, which nothing in the column contradicts."
    )


def test_a_column_that_can_be_read_in_two_ways_is_read_as_chosen() -> None:
    text = "n;d\n950;3/4/2024\n1.200;4/4/2024\n15.300;5/4/2024\n"
    found = table(text)
    n, d = found.column("n"), found.column("d")
    assert [way(one) for one in n.ways] == ["\u201c1.200\u201d is 1,200", "\u201c1.200\u201d is 1.2"]
    assert [way(one) for one in d.ways] == [
        "\u201c3/4/2024\u201d is 3 April 2024", "\u201c3/4/2024\u201d is 4 March 2024",
    ]  # fmt: skip
    chosen = table(text, Reading(ways=(("n", n.ways[1].way), ("d", d.ways[1].way))))
    np.testing.assert_array_equal(chosen.column("n").numbers, [950, 1.2, 15.3])
    np.testing.assert_array_equal(d.numbers, [19816, 19817, 19818])
    np.testing.assert_array_equal(chosen.column("d").numbers, [19786, 19817, 19847])
    assert chosen.column("d").ways == d.ways[::-1], "and can be chosen back"
    assert remarks(chosen.column("d").remarks) == "read as month before day, as chosen."
    for clear in ("a;b\n1.5;31/3/2024\n2;1/4/2024\n", "a;b\n1;1.4.2024\n2;2.4.2024\n"):
        assert not any(column.ways for column in table(clear).columns)


@pytest.mark.parametrize("words", [("yes", "no"), ("True", "FALSE"), ("Y", "n"), ("t", "f")])
def test_yes_and_no(words: tuple[str, str]) -> None:
    found = column(words[0], words[1], "", words[0])
    assert (found.kind, found.words) == (Kind.YES_NO, ("no", "yes"))
    np.testing.assert_array_equal(found.numbers, [1, 0, np.nan, 1])


@pytest.mark.parametrize(
    ("text", "names", "rows"),
    [
        ("1,2\n3,4\n5,6\n", ["column 1", "column 2"], 3),
        ("2024-01-01,2\n2024-01-02,4\n", ["column 1", "column 2"], 2),
        ("1,5;a\n2,5;b\n3,5;c\n", ["column 1", "column 2"], 3),
        ("1.234,5;a\n2.345,5;b\n", ["column 1", "column 2"], 2),
        ("a,b\nc,d\ne,f\n", ["a", "b"], 2),
        (",b\n1,x\n2,y\n", ["column 1", "b"], 2),
        ("0,1,2\n5,6,7\n8,9,3\n", ["0", "1", "2"], 2),
        ("name,2019\nx,1\ny,2\n", ["column 1", "column 2"], 3),
        ("land,2019,2020,2021\nx,1,2,3\ny,2,5,4\n", ["land", "2019", "2020", "2021"], 2),
        ("p,x,s\n" * 4 + "e,y,s\n" * 5, ["column 1", "column 2", "column 3"], 9),
        ("class,cap,odor\n" + "p,x,s\ne,y,s\n" * 5, ["class", "cap", "odor"], 10),
        ("a,a,a (2),\n1,2,3,4\n5,6,7,8\n", ["a", "a (3)", "a (2)", "column 4"], 2),
        ('"a\nb",c\n1,2\n3,4\n', ["a b", "c"], 2),
        (f"{'long ' * 50},c\n1,2\n3,4\n", [f"{'long ' * 50}"[:79] + "…", "c"], 2),
    ],
)
def test_headings(text: str, names: list[str], rows: int) -> None:
    found = table(text)
    assert (found.names, found.rows) == (names, rows)


def test_a_person_can_say_that_the_first_line_is_names() -> None:
    text = "19,20\n1,2\n3,4\n"
    assert table(text).rows == 3
    assert any("first line holds values" in note for note in sentences(table(text).notes))
    assert table(text, Reading(headings=True)).names == ["19", "20"]
    assert table("a,b\nc,d\n", Reading(headings=False)).rows == 2


def test_repeated_and_empty_names_are_said() -> None:
    notes = sentences(table("a,a,,\n1,2,3,4\n5,6,7,8\n").notes)
    assert "Repeated names were numbered: a." in notes
    assert "2 columns without a name: named by number." in notes


def test_the_first_rows_are_shown_as_they_stand() -> None:
    found = table('a,b\n" 1,5 ",<b>x</b>\n,"two\nlines"\n')
    assert found.first.to_dict("list") == {"a": ["1,5", ""], "b": ["<b>x</b>", "two lines"]}


def test_pandas_reads_the_same_from_an_ordinary_file() -> None:
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {"a": random.normal(size=200), "b": random.integers(0, 9, 200), "c": random.choice(list("xyz"), 200)}
    )
    frame.loc[frame.index % 7 == 0, "a"] = np.nan
    found = read(frame.to_csv(index=False).encode())
    np.testing.assert_allclose(found.column("a").numbers, frame["a"], rtol=1e-15)
    np.testing.assert_array_equal(found.column("b").numbers, frame["b"])
    c = found.column("c")
    assert [c.words[code] for code in c.codes] == frame["c"].tolist()


def test_too_many_rows_ask_which_to_take() -> None:
    data = b"x,y\n" + b"".join(b"%d,%d\n" % (i, i % 7) for i in range(MAX_OWN_ROWS + 50))
    with pytest.raises(TooManyRows, match=r"100,050 rows; expected at most 100,000\. Choose the first"):
        read(data)
    first = read(data, Reading(sample="first"))
    np.testing.assert_array_equal(first.column("x").numbers, np.arange(MAX_OWN_ROWS))
    drawn = read(data, Reading(sample="random"))
    x = drawn.column("x").numbers
    assert (len(x), len(set(x)), x.max() >= MAX_OWN_ROWS) == (MAX_OWN_ROWS, MAX_OWN_ROWS, True)
    assert (np.diff(x) > 0).all(), "in the file's order"
    np.testing.assert_array_equal(drawn.column("y").numbers, x % 7)
    assert "A random sample of 100,000 of the file's 100,050 rows." in sentences(drawn.notes)
    np.testing.assert_array_equal(read(data, Reading(sample="random")).column("x").numbers, x)
