"""The input of an answer to a dispute is checked against Stripe's limits for evidence."""

import pytest

from connect.disputes.inputs import File, NewAnswer, Part, check, check_file, digest
from connect.disputes.rules.evidence import EvidenceField
from connect.errors import InvalidInput

TEXT, RECEIPT = EvidenceField.UNCATEGORIZED_TEXT, EvidenceField.RECEIPT
PDF = b"%PDF-1.7\n" + b"/Type /Page\n" * 3
LONG = PDF * 17 + b"%%EOF\n"
FILE = Part(RECEIPT, file=File("receipt.pdf", PDF))


def invalid(*parts: Part, submit: bool = False) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        check(NewAnswer(parts=parts, submit=submit, expected_version=None))
    return {one.name: one.code.value for one in caught.value.fields}


def test_a_complete_answer_is_valid() -> None:
    check(NewAnswer(parts=(Part(TEXT, text="x" * 20_000), FILE), submit=True, expected_version="1"))
    check(NewAnswer(parts=(), submit=True, expected_version="1"))
    check(NewAnswer(parts=(Part(RECEIPT, text=""), Part(TEXT, text=""))))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((), {"evidence": "REQUIRED"}),
        ((Part(TEXT),), {"evidence[0]": "STRUCTURE_INVALID"}),
        ((Part(TEXT, text="x", file_id="file_1"),), {"evidence[0]": "STRUCTURE_INVALID"}),
        ((Part(RECEIPT, text="x"),), {"evidence[0].text": "CONTRADICTION"}),
        ((Part(TEXT, file_id="file_1"),), {"evidence[0]": "CONTRADICTION"}),
        ((Part(TEXT, text="x" * 20_001),), {"evidence[0].text": "TOO_LONG"}),
        ((Part(TEXT, text="\x00"),), {"evidence[0].text": "CONTROL_CHARACTERS"}),
        ((Part(RECEIPT, file_id="../accounts"),), {"evidence[0].fileId": "STRUCTURE_INVALID"}),
        ((FILE, FILE), {"evidence[1].field": "DUPLICATE"}),
        ((Part(RECEIPT, file=File("a.txt", b"Hello")),), {"evidence[0].file.base64": "STRUCTURE_INVALID"}),
        ((Part(RECEIPT, file=File("../a.pdf", PDF)),), {"evidence[0].file.name": "STRUCTURE_INVALID"}),
        ((Part(RECEIPT, file=File("a.pdf", LONG)),), {"evidence": "TOO_LONG"}),
        ((Part(RECEIPT, file=File("a.pdf", PDF + b"x" * 4_500_000)),), {"evidence": "TOO_LONG"}),
        (
            tuple(Part(one, text="x" * 20_000) for one in list(EvidenceField)[:8]),
            {"evidence": "TOO_LONG"},
        ),
    ],
    ids=lambda _: "",
)
def test_each_limit_names_its_field(parts: tuple[Part, ...], expected: dict[str, str]) -> None:
    assert invalid(*parts) == expected


def test_the_same_limits_apply_to_a_file_that_is_uploaded_separately() -> None:
    check_file(File("receipt.pdf", PDF))
    with pytest.raises(InvalidInput) as caught:
        check_file(File("../a.pdf", b"Hello"))
    assert [one.name for one in caught.value.fields] == ["body", "name"]
    for content in (LONG, PDF + b"x" * 4_500_000):
        with pytest.raises(InvalidInput, match="All files together"):
            check_file(File("a.pdf", content))


def test_the_replaced_pages_of_a_pdf_are_not_counted() -> None:
    once = PDF * 10 + b"%%EOF\n"
    check_file(File("a.pdf", once + b"/Type /Page\n" * 30 + b"%%EOF\n"))


def test_a_submission_needs_the_version_that_the_caller_has_read() -> None:
    assert invalid(FILE, submit=True) == {"expectedVersion": "REQUIRED"}


def test_the_digest_depends_on_the_parts_but_not_on_their_order() -> None:
    one, two = Part(TEXT, text="a"), Part(RECEIPT, file=File("a.pdf", PDF))
    key = b"key"
    first = digest(NewAnswer(parts=(one, two)), key)
    assert digest(NewAnswer(parts=(two, one)), key) == first
    others = [
        digest(NewAnswer(parts=(one,)), key),
        digest(NewAnswer(parts=(Part(TEXT, text="b"), two)), key),
        digest(NewAnswer(parts=(one, Part(RECEIPT, file=File("a.pdf", PDF + b"x")))), key),
        digest(NewAnswer(parts=(one, two), submit=True), key),
        digest(NewAnswer(parts=(one, two), expected_version="1"), key),
        digest(NewAnswer(parts=(one, two)), b"other key"),
    ]
    assert len({first, *others}) == 7
