"""A CSV file of accounts: encodings, separators, quotes, and the problems of each line."""

import pytest

from api.commands.accounts_file import Row, Unreadable, read
from connect.merchants.inputs import NewAdoption

HEADER = b"external_id,stripe_account_id,display_name,contact_email\n"
ONE = NewAdoption("shop-1", "acct_1", "Shop One", "one@shop.example")


@pytest.mark.parametrize(
    "content",
    [
        HEADER + b"shop-1,acct_1,Shop One,one@shop.example\n",
        HEADER + b"shop-1,acct_1,Shop One,one@shop.example",
        b"\xef\xbb\xbf" + HEADER.replace(b"\n", b"\r\n") + b"shop-1,acct_1,Shop One,one@shop.example\r\n",
        HEADER.replace(b",", b";") + b'"shop-1";"acct_1";"Shop One";one@shop.example\n',
        HEADER.replace(b",", b"\t") + b"shop-1\tacct_1\tShop One\tone@shop.example\n",
        b"contactEmail,stripeAccountId,displayName,External ID\rone@shop.example,acct_1, Shop One ,shop-1\r",
        HEADER + b"shop-1,acct_1,Shop One,one@shop.example,,\n",
    ],
    ids=["lf", "no end", "bom crlf", "semicolons", "tabs", "names", "empty fields"],
)
def test_files_of_common_programs_are_read(content: bytes) -> None:
    assert read(content).rows == [Row(2, ONE)]


def test_a_quoted_value_may_contain_separators_and_quotes() -> None:
    table = read(HEADER + '"shop-1",acct_1,"Müller, ""Söhne"" & Co;",\n'.encode())
    assert table.rows == [Row(2, NewAdoption("shop-1", "acct_1", 'Müller, "Söhne" & Co;'))]


def test_unknown_columns_are_ignored_and_reported() -> None:
    table = read(b"notes,external_id,stripe_account_id,contact_emial\nhello,shop-1,acct_1,x@shop.example\n")
    assert table.ignored == ["notes", "contact_emial"]
    assert table.rows == [Row(2, NewAdoption("shop-1", "acct_1"))]


def test_bad_lines_are_reported_with_their_numbers_and_others_are_read() -> None:
    content = HEADER + b"\n".join(
        [
            b"shop-1,acct_1,Shop One,one@shop.example",
            b"",
            b'shop-2,acct_2,"Unclosed,two@shop.example',
            b",acct_3",
            b"shop-4",
            b"shop-5,acct_5,a,b,c",
            b"shop-6,acct_6,M\xfcller,six@shop.example",
            b"shop-7,acct_7",
            b" ; ; ",
        ]
    )
    assert read(content).rows == [
        Row(2, ONE),
        Row(4, None, "The quotes of the line are wrong (unexpected end of data)."),
        Row(5, None, "external_id: Must not be empty."),
        Row(6, None, "stripe_account_id: Must not be empty."),
        Row(7, None, "The line has 5 fields, but the first line has 4."),
        Row(8, None, "Byte 16 of the line is not UTF-8. Save the file as UTF-8."),
        Row(9, NewAdoption("shop-7", "acct_7")),
    ]


@pytest.mark.parametrize(
    "rest", [b'2",acct_2', b'the rest "of it",acct_2', b'shop-2,acct_2"', b' "shop-2",acct_2']
)
def test_the_rest_of_a_value_with_a_line_break_is_not_read_as_an_account(rest: bytes) -> None:
    content = HEADER + b'"shop-1","acct_1","Shop\n' + rest + b"\nshop-3,acct_3\n"
    assert read(content).rows == [
        Row(2, None, "The quotes of the line are wrong (unexpected end of data)."),
        Row(3, None, "The quotes of the line are wrong (a value with quotes must be inside quotes)."),
        Row(4, NewAdoption("shop-3", "acct_3")),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty. Its first line must name the columns external_id, stripe_account_id."),
        (b"\n \r\n,,\n", "The file is empty. Its first line must name the columns external_id, "),
        (HEADER.decode().encode("utf-16"), "The file has the encoding UTF-16. Save it as UTF-8."),
        (
            b"shop-1,a\n",
            "The first line must name the columns external_id, stripe_account_id. It names 'shop-1'",
        ),
        (b"external_id\nshop-1\n", "The first line must name the columns stripe_account_id. It names"),
        (b"external_id,externalId,stripe_account_id\n", "The first line names external_id twice."),
        (b'"external_id,stripe_account_id\n', "line 1: The quotes of the line are wrong"),
        (b'\n\n"external_id,stripe_account_id\n', "line 3: The quotes of the line are wrong"),
    ],
)
def test_a_file_without_the_required_columns_is_refused_with_a_remedy(content: bytes, message: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert caught.value.message.startswith(message)
