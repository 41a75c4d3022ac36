"""Web push is sealed and signed as the standards say, to the byte."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from backend.messages.channels.web_push import is_push_service
from backend.messages.sealed import CURVE, b64, check_keys, private_key, public_key, seal, signature, unb64

# RFC 8291, appendix A: the browser's keys, the sender's key, the salt, and what comes of them.
BROWSER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_rfc_8291_comes_out_to_the_byte() -> None:
    sender = ec.derive_private_key(int.from_bytes(unb64(SENDER), "big"), CURVE)
    sealed = seal(b"When I grow up, I want to be a watermelon", BROWSER, AUTH, ours=sender, salt=unb64(SALT))
    assert b64(sealed) == SEALED


def test_the_same_words_are_never_sealed_the_same_twice() -> None:
    assert seal(b"{}", BROWSER, AUTH) != seal(b"{}", BROWSER, AUTH)


@pytest.mark.parametrize(
    ("p256dh", "auth"), [("AAAA", AUTH), (BROWSER, "AAAA"), (BROWSER[:-4], AUTH), ("é", AUTH)]
)
def test_what_are_no_keys_is_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(ValueError):
        check_keys(p256dh, auth)


def test_who_sends_is_signed_for_one_push_service_and_half_a_day() -> None:
    key, at = private_key("a seed of the keyring"), datetime(2026, 11, 22, tzinfo=UTC)
    header = signature("https://push.example:8443/some/path", "mailto:push@service.invalid", key, at)
    token, _, ours = header.removeprefix("vapid t=").partition(", k=")
    assert ours == public_key(key)
    head, claims, signed = token.split(".")
    assert json.loads(unb64(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(unb64(claims)) == {
        "aud": "https://push.example:8443",
        "exp": int((at + timedelta(hours=12)).timestamp()),
        "sub": "mailto:push@service.invalid",
    }
    raw = unb64(signed)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(ours))
    point.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))


def test_one_home_keeps_one_key_pair_and_two_homes_have_two() -> None:
    assert public_key(private_key("one")) == public_key(private_key("one"))
    assert public_key(private_key("one")) != public_key(private_key("two"))
    assert len(unb64(public_key(private_key("one")))) == 65


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=abc", True),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://fcm.googleapis.com:8443/fcm/send/abc", False),
        ("https://fcm.googleapis.com@127.0.0.1/abc", False),
        ("https://fcm.googleapis.com.invalid/abc", False),
        ("https://notfcm.googleapis.com/abc", False),
        ("https://127.0.0.1/abc", False),
        ("https://localhost:5432/", False),
        ("http://169.254.169.254/latest", False),
        ("https://x.push.apple.com.invalid/abc", False),
    ],
)
def test_our_server_calls_no_address_a_browser_made_up(endpoint: str, known: bool) -> None:
    assert is_push_service(endpoint) is known
