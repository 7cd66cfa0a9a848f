"""All rules, in the order in which they are tried."""

from __future__ import annotations

from codemods.javascript.rules.base import Rule
from codemods.javascript.rules.fetch_all import RULE as FETCH_ALL
from codemods.javascript.rules.fetch_alone import RULE as FETCH_ALONE
from codemods.javascript.rules.fetch_await import RULE as FETCH_AWAIT
from codemods.javascript.rules.fetch_chain import RULE as FETCH_CHAIN
from codemods.javascript.rules.fetch_then import RULE as FETCH_THEN
from codemods.javascript.rules.fetch_wrapper import RULE as FETCH_WRAPPER
from codemods.javascript.rules.live_effect import RULE as LIVE_EFFECT

RULES: tuple[Rule, ...] = (LIVE_EFFECT, FETCH_ALONE, FETCH_THEN, FETCH_CHAIN, FETCH_AWAIT, FETCH_ALL, FETCH_WRAPPER)
