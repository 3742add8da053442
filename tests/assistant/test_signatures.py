"""Standard Webhooks signatures, beside the reference library."""

import base64
import datetime as dt

import pytest
import standardwebhooks

from assistant.web.signatures import (
    find_signer,
    is_fresh,
    is_signed,
    new_secret,
    parse_headers,
    secret_key,
    sign,
)

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the specification's own example
BODY = b'{"test": 2432232314}'
AT = "1614265330"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
GOOD = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def headers(**changed: list[bytes]) -> dict[str, list[bytes]]:
    good = {"id": [ID.encode()], "timestamp": [AT.encode()], "signature": [GOOD.encode()]}
    return {f"webhook-{name}": values for name, values in (good | changed).items()}


def accepted(body: bytes = BODY, **changed: list[bytes]) -> bool:
    signed = parse_headers(headers(**changed))
    return signed is not None and is_signed(signed, body, secret_key(SECRET))


def test_the_specifications_example_is_signed_as_it_says() -> None:
    assert sign(ID, AT, BODY, secret_key(SECRET)) == GOOD
    assert accepted()


def test_the_reference_library_signs_and_reads_as_we_do() -> None:
    secret, now = new_secret(), dt.datetime.now(dt.UTC)
    theirs = standardwebhooks.Webhook(secret)
    stamp = str(int(now.timestamp()))
    ours = sign("msg_1", stamp, b'{"a": 1}', secret_key(secret))
    assert theirs.sign("msg_1", now, '{"a": 1}') == ours
    given = {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": ours}
    assert theirs.verify(b'{"a": 1}', given) == {"a": 1}


def test_a_new_secret_is_of_the_length_that_the_specification_asks_for() -> None:
    assert 24 <= len(secret_key(new_secret())) <= 64
    assert new_secret() != new_secret()


@pytest.mark.parametrize(
    ("signature", "good"),
    [
        (GOOD.encode(), True),
        (b"v1,AAAA " + GOOD.encode(), True),
        (GOOD.encode() + b" v1a,AAAA garbage", True),
        (GOOD.replace("v1,", "v1a,").encode(), False),
        (GOOD.replace("v1,", "v2,").encode(), False),
        (GOOD.replace("v1,", "V1,").encode(), False),
        (GOOD.replace("v1,", "").encode(), False),
        (GOOD.replace("v1,", "v1 ").encode(), False),
        (GOOD.replace("=", "").encode(), False),
        (GOOD.replace("OE=", "OF=").encode(), False),  # the same bytes, spelt another way
        (GOOD.encode() + b"\n", False),
        (b"v1," + base64.b16encode(base64.b64decode(GOOD[3:])), False),
        (b"", False),
        (b",", False),
        (b"v1,", False),
        (b"v1,\xff\xfe", False),
        (b"garbage", False),
        (b"v1,AAAA " * 16 + GOOD.encode(), False),
        (b" " * 60_000, False),
    ],
)
def test_a_signature_counts_in_its_one_spelling_only(signature: bytes, good: bool) -> None:
    assert accepted(signature=[signature]) is good


@pytest.mark.parametrize(
    "changed",
    [
        {"id": []},
        {"timestamp": []},
        {"signature": []},
        {"id": [ID.encode()] * 2},
        {"timestamp": [AT.encode()] * 2},
        {"signature": [GOOD.encode()] * 2},
        {"id": [b""]},
        {"id": [b"a.b"]},
        {"id": [b"a b"]},
        {"id": [b"a\xe9"]},
        {"id": [b"x" * 300]},
        {"timestamp": [b""]},
        {"timestamp": [b"-1614265330"]},
        {"timestamp": [b"+1614265330"]},
        {"timestamp": [b" 1614265330"]},
        {"timestamp": [b"1614265330.0"]},
        {"timestamp": [b"1e9"]},
        {"timestamp": [b"nan"]},
        {"timestamp": ["١٦١٤٢٦٥٣٣٠".encode()]},
        {"timestamp": [b"9" * 5000]},
    ],
)
def test_headers_that_are_not_well_formed_are_nobodys(changed: dict[str, list[bytes]]) -> None:
    assert parse_headers(headers(**changed)) is None


@pytest.mark.parametrize(
    ("skew_s", "fresh"), [(0, True), (-300, True), (300, True), (-301, False), (301, False)]
)
def test_a_message_is_fresh_for_five_minutes_either_way(skew_s: int, fresh: bool) -> None:
    signed = parse_headers(headers())
    assert signed is not None
    assert is_fresh(signed, int(AT) + skew_s) is fresh


def test_any_changed_bit_of_the_message_ends_its_signature() -> None:
    for place in range(len(BODY) * 8):
        changed = bytearray(BODY)
        changed[place // 8] ^= 1 << place % 8
        assert not accepted(bytes(changed))


def test_the_signer_is_the_one_whose_secret_it_is() -> None:
    signed = parse_headers(headers())
    assert signed is not None
    others = [("one", new_secret()), ("two", new_secret())]
    assert find_signer(signed, BODY, [*others, ("acme", SECRET)]) == "acme"
    assert find_signer(signed, BODY, others) is None
