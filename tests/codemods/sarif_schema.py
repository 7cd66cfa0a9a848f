"""The part of the SARIF 2.1.0 schema that our logs use, by hand: names, types, required and allowed keys.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json; as there, no object
may have a key that is not listed.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def record(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def many(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least}


def unique(items: Schema, least: int = 0) -> Schema:
    return {**many(items, least), "uniqueItems": True}


STRING: Schema = {"type": "string"}
FROM_1: Schema = {"type": "integer", "minimum": 1}
LEVEL: Schema = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = record(("text",), text=STRING, markdown=STRING)
URI = {"type": "string", "format": "uri-reference", "pattern": r"^[A-Za-z0-9\-._~:/?#\[\]@!\x24&'()*+,;=%]*$"}
ARTIFACT_LOCATION = record(uri=URI, uriBaseId=STRING)
REGION = record(startLine=FROM_1, startColumn=FROM_1, endLine=FROM_1, endColumn=FROM_1)
PHYSICAL = record(("artifactLocation",), artifactLocation=ARTIFACT_LOCATION, region=REGION)
LOCATION = record(physicalLocation=PHYSICAL)
REPLACEMENT = record(("deletedRegion",), deletedRegion=REGION, insertedContent=record(text=STRING))
CHANGE = record(
    ("artifactLocation", "replacements"), artifactLocation=ARTIFACT_LOCATION, replacements=many(REPLACEMENT, 1)
)
FIX = record(("artifactChanges",), description=MESSAGE, artifactChanges=unique(CHANGE, 1))
RESULT = record(
    ("message",),
    ruleId=STRING,
    ruleIndex={"type": "integer", "minimum": -1},
    level=LEVEL,
    message=MESSAGE,
    locations=many(LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": STRING},
    fixes=unique(FIX),
)
RULE = record(("id",), id=STRING, shortDescription=MESSAGE, help=MESSAGE)
DRIVER = record(("name",), name=STRING, semanticVersion=STRING, rules=unique(RULE))
NOTIFICATION = record(("message",), level=LEVEL, message=MESSAGE, locations=unique(LOCATION))
INVOCATION = record(
    ("executionSuccessful",),
    executionSuccessful={"type": "boolean"},
    toolExecutionNotifications=many(NOTIFICATION),
)
RUN = record(
    ("tool",),
    tool=record(("driver",), driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations=many(INVOCATION),
    artifacts=unique(record(location=ARTIFACT_LOCATION)),
    results=many(RESULT),
)
LOG = record(
    ("version", "runs"),
    **{"$schema": URI, "version": {"enum": ["2.1.0"]}, "runs": many(RUN)},
)
