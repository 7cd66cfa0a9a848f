from app import Coaches


def test_get():
    assert Coaches().get() == []
