"""A stored request contains its confidential parts only in encrypted form."""

import json

from connect.merchants.inputs import encryption

TOKEN = "accttok_1A2b3C4d5E6f"
KEY = encryption.encryption_key("sk_test_one")
PERSON = {"surname": "M\u00fcller", "date_of_birth": {"day": 24, "month": 3, "year": 1985}}
IDENTITY = {
    "country": "DE",
    "entity_type": "individual",
    "business_details": {"registered_name": "Shop e.K.", "address": {"country": "DE", "city": "Berlin"}},
    "individual": PERSON,
}


def test_a_stored_body_contains_the_token_only_in_encrypted_form() -> None:
    body = {"account_token": TOKEN, "dashboard": "full"}
    stored = encryption.encrypt(body, KEY)
    assert TOKEN not in json.dumps(stored)
    assert stored.keys() == body.keys()
    assert encryption.decrypt(stored, KEY) == body
    assert json.loads(encryption.forget(json.dumps(stored))) == {"dashboard": "full"}


def test_a_body_without_a_token_stays_unchanged() -> None:
    text = json.dumps({"dashboard": "full", "metadata": {"a": "\u00fc"}})
    assert encryption.encrypt(json.loads(text), KEY) == json.loads(text)
    assert encryption.decrypt(json.loads(text), KEY) == json.loads(text)
    assert encryption.forget(text) == text


def test_with_another_api_key_the_decrypted_body_lacks_the_token() -> None:
    stored = encryption.encrypt({"account_token": TOKEN, "dashboard": "full"}, KEY)
    other = encryption.encryption_key("sk_test_two")
    assert encryption.decrypt(stored, other) == {"dashboard": "full"}


def test_a_stored_body_contains_the_details_of_the_identity_only_in_encrypted_form() -> None:
    body = {"dashboard": "full", "identity": IDENTITY}
    stored = encryption.encrypt(body, KEY)
    text = json.dumps(stored, ensure_ascii=False)
    assert not [word for word in ("M\u00fcller", "1985", "Shop e.K.", "Berlin") if word in text]
    assert encryption.decrypt(stored, KEY) == body
    bare = {"dashboard": "full", "identity": {"country": "DE", "entity_type": "individual"}}
    assert json.loads(encryption.forget(text)) == bare
    assert encryption.decrypt(stored, encryption.encryption_key("sk_test_two")) == bare


def test_a_hash_recognizes_equal_values_only_with_the_same_key() -> None:
    same = dict(reversed(PERSON.items()))
    other = encryption.encryption_key("sk_test_two")
    assert encryption.fingerprint(same, KEY) == encryption.fingerprint(PERSON, KEY)
    assert encryption.fingerprint(PERSON | {"surname": "Muller"}, KEY) != encryption.fingerprint(PERSON, KEY)
    assert encryption.fingerprint(PERSON, other) != encryption.fingerprint(PERSON, KEY)
    assert encryption.key_name(other) != encryption.key_name(KEY)


def test_the_confidential_values_of_a_request_are_listed() -> None:
    merchant = {"support": {"email": "help@shop.example", "phone": "+4930", "url": "https://shop.example"}}
    body = {"account_token": TOKEN, "dashboard": "full", "identity": IDENTITY, "contact_email": "a@b.example"}
    dates = ["1985-03-24", "24-03-1985", "03-24-1985", "1985-3-24", "24-3-1985", "3-24-1985", "1985"]
    known = [TOKEN, "Shop e.K.", "Berlin", "M\u00fcller", *dates, "a@b.example", "help@shop.example", "+4930"]
    assert list(encryption.texts(body | {"configuration": {"merchant": merchant}})) == known
    assert list(encryption.texts({"dashboard": "full"})) == []
