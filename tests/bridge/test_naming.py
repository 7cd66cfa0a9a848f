"""Event names: deterministic, unique, overridable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import BridgeError
from bridge.events import Event
from bridge.inflect import plural, singular
from bridge.naming import RESERVED, name_events


def names(*routes: str, overrides: dict[tuple[str, str], str] | None = None) -> list[str]:
    """Name routes written as "GET /coaches"."""
    events = []
    for route in routes:
        method, rule = route.split(" ")
        events.append(Event("", method, rule))
    return [event.event for event in name_events(events, overrides)]


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("GET /coaches", "get_coaches"),
        ("POST /coaches", "new_coach"),
        ("GET /coaches/<int:id>", "get_coach"),
        ("PATCH /coaches/<int:id>", "update_coach"),
        ("PUT /coaches/<int:id>", "replace_coach"),
        ("DELETE /coaches/<int:id>", "delete_coach"),
        ("GET /coaches/<int:id>/plans", "get_coach_plans"),
        ("POST /coaches/<id>/plans", "new_coach_plan"),
        ("PATCH /coaches/<id>/plans/<plan_id>", "update_coach_plan"),
        ("POST /coaches/<id>/activate", "coach_activate"),
        ("POST /login", "login"),
        ("DELETE /logout", "delete_logout"),
        ("GET /check_session", "get_check_session"),
        ("GET /checkSession", "get_check_session"),
        ("POST /workout-plans", "new_workout_plan"),
        ("GET /categories/<string(length=2):code>", "get_category"),
        ("GET /", "get_root"),
        ("GET /<path:rest>", "get_rest"),
        ("POST /message", "post_message"),
        ("PURGE /caches", "purge_caches"),
    ],
)
def test_a_route_is_named_by_the_convention(route: str, name: str) -> None:
    """Each route alone has the name that the wire convention gives it."""
    assert names(route) == [name]


def test_a_prefix_that_all_rules_share_is_left_out() -> None:
    """Rules below /api/v1 are named as if it were not there."""
    assert names("GET /api/v1/users", "POST /api/v1/login") == ["get_users", "login"]


def test_a_singular_segment_with_items_is_a_collection() -> None:
    """/coach is a list where there is a /coach/<id>, and a thing of its own where there is none."""
    assert names("GET /coach", "POST /coach", "GET /coach/<id>") == ["get_coaches", "new_coach", "get_coach"]
    assert names("GET /coach", "POST /coach") == ["get_coach", "coach"]


def test_a_clash_is_solved_by_parent_segments() -> None:
    """Of two users, the one below /admin carries its parent; the other keeps its name."""
    assert names("GET /users", "GET /admin/users") == ["get_users", "get_admin_users"]


def test_versions_that_clash_carry_the_version() -> None:
    """Two versions of one list are told apart by their version."""
    assert names("GET /v1/news", "GET /v2/news") == ["get_v1_news", "get_v2_news"]


def test_a_clash_without_parents_is_solved_by_parameters() -> None:
    """Two ways to get one user are told apart by what they ask for."""
    found = names("GET /users/<int:id>", "GET /users/<string:username>")
    assert found == ["get_user_by_id", "get_user_by_username"]


def test_a_singular_beside_a_plural_is_told_apart_by_the_word() -> None:
    """/user/<id> and /users/<id> fall back on the words that the rules have."""
    found = names("GET /user/<int:id>", "GET /users/<int:id>")
    assert found == ["get_user_by_id", "get_users_by_id"]


def test_a_nested_route_that_sounds_the_same_gives_way() -> None:
    """One band keeps its name beside a user's band, which carries its parent."""
    found = names("GET /bands/<int:band_id>", "GET /users/bands/<int:id>")
    assert found == ["get_band", "get_users_band"]


def test_a_verb_is_not_said_twice() -> None:
    """/getUserId is get_user_id; beside one that takes the name it says it twice after all."""
    assert names("GET /getUserId") == ["get_user_id"]
    assert sorted(names("GET /getUsers", "GET /users")) == ["get_get_users", "get_users"]


def test_a_clash_that_nothing_solves_names_both_routes() -> None:
    """The error of two routes with one name says which they are, and how to name one."""
    with pytest.raises(BridgeError) as caught:
        names("GET /work-plans", "GET /work_plans")
    assert "GET /work-plans" in str(caught.value)
    assert "GET /work_plans" in str(caught.value)
    assert "names=" in str(caught.value)


def test_a_name_can_be_chosen() -> None:
    """An override takes part in clashes like any name."""
    found = names("GET /work-plans", "GET /work_plans", overrides={("GET", "/work_plans"): "get_old_plans"})
    assert found == ["get_work_plans", "get_old_plans"]


@pytest.mark.parametrize("name", sorted(RESERVED) + ["bridge:ticket"])
def test_a_reserved_name_cannot_be_chosen(name: str) -> None:
    """Socket.IO's own names, and the bridge's, are refused."""
    with pytest.raises(BridgeError, match="reserved"):
        names("POST /coaches", overrides={("POST", "/coaches"): name})


def test_an_override_for_no_route_is_an_error() -> None:
    """A typing mistake in an override is told, with what there is."""
    with pytest.raises(BridgeError, match="POST /coaches"):
        names("POST /coaches", overrides={("POST", "/coachs"): "new_coach"})


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("coaches", "coach"), ("moves", "move"), ("categories", "category"), ("classes", "class"),
        ("addresses", "address"), ("movies", "movie"), ("boxes", "box"), ("houses", "house"), ("heroes", "hero"),
        ("shoes", "shoe"), ("leaves", "leaf"), ("archives", "archive"), ("people", "person"), ("children", "child"),
        ("quizzes", "quiz"), ("courses", "course"), ("databases", "database"), ("statuses", "status"),
        ("caches", "cache"), ("exercises", "exercise"), ("plans", "plan"), ("prizes", "prize"), ("buses", "bus"),
    ],
)  # fmt: skip
def test_plurals_go_both_ways(many: str, one: str) -> None:
    """The words that URL segments are made of have their singular, and back."""
    assert singular(many) == one
    assert plural(one) == many


@pytest.mark.parametrize("word", ["news", "status", "data", "series", "address", "analysis", "bus", "sms"])
def test_some_words_are_no_plurals(word: str) -> None:
    """A word that only looks like a plural stays as it is."""
    assert singular(word) == word


_SEGMENT = st.sampled_from(["users", "user", "admin", "plans", "<int:id>", "<name>", "login", "v1", "connect"])
_RULE = st.lists(_SEGMENT, max_size=4).map(lambda parts: "/" + "/".join(parts))
_ROUTES = st.lists(st.tuples(st.sampled_from(["GET", "POST", "PATCH", "DELETE"]), _RULE), unique=True, max_size=12)


@given(_ROUTES)
def test_names_are_unique_deterministic_and_never_reserved(routes: list[tuple[str, str]]) -> None:
    """Whatever the routes, their names differ from each other and from Socket.IO's, or start-up fails."""
    events = [Event("", method, rule) for method, rule in routes]
    try:
        found = [event.event for event in name_events(events)]
    except BridgeError:
        return
    assert len(set(found)) == len(routes)
    assert not RESERVED.intersection(found)
    assert found == [event.event for event in name_events(events)]


def test_an_override_that_says_the_default_changes_no_other_name() -> None:
    """A native handler names its event as the map does; the routes that it clashed with keep their names."""
    routes = [
        Event("", "GET", "/users/<int:id>", ("id",)),
        Event("", "GET", "/users/<string:username>", ("username",)),
        Event("", "POST", "/users"),
    ]
    before = [event.event for event in name_events(routes)]
    assert before[0] == "get_user_by_id"
    for number, route in enumerate(routes):
        named = name_events(routes, {(route.method, route.rule): before[number]})
        assert [event.event for event in named] == before
    every = {(route.method, route.rule): name for route, name in zip(routes, before, strict=True)}
    assert [event.event for event in name_events(routes, every)] == before
    other = name_events(routes, {("GET", "/users/<int:id>"): "get_somebody"})
    assert [event.event for event in other] == ["get_somebody", "get_user", "new_user"]
