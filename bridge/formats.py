"""Writes an event map: as a table, as JSON, as TypeScript, as an AsyncAPI document.

Standard library and click only; rich is loaded for the table.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from bridge.events import Event, EventMap
from bridge.naming import converters

FORMATS = ("table", "json", "typescript", "asyncapi")
_HEADINGS = ("event", "method", "rule", "answered by")
_NUMBERS = {"int": "integer", "float": "number"}
_ACK = {
    "type": "object",
    "required": ["ok", "status", "data", "errors"],
    "properties": {
        "ok": {"type": "boolean", "description": "True for a status from 200 to 299."},
        "status": {"type": "integer", "description": "The HTTP status; 0 where no answer came."},
        "data": {"description": "The body of the answer."},
        "errors": {"description": "null when ok; else the body's errors, error or message, or the body."},
        "meta": {"type": "object", "properties": {"type": {"type": "string"}}},
    },
}


def write_events(event_map: EventMap, output: Path | None, form: str | None) -> None:
    """Write an event map to a file (as JSON unless told otherwise) or to the terminal (as a table)."""
    form = form or ("json" if output else "table")
    if form == "table" and output is None:
        _show_table(event_map)
        return
    text = {"json": EventMap.to_json, "typescript": typescript, "asyncapi": asyncapi, "table": plain}[form](event_map)
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    click.echo(f"{_count(event_map)} written to {output}", err=True)


def _show_table(event_map: EventMap) -> None:
    if not sys.stdout.isatty():
        click.echo(f"{plain(event_map)}{_count(event_map)}")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in _HEADINGS:
        table.add_column(heading, overflow="fold")
    for event in event_map:
        name, *others = _row(event)
        table.add_row(f"[cyan]{name}[/]", *(one.replace("[", r"\[") for one in others))
    console = Console()
    console.print(table)
    console.print(_count(event_map), style="dim")


def _count(event_map: EventMap) -> str:
    return f"{len(event_map)} event{'' if len(event_map) == 1 else 's'}"


def _row(event: Event) -> tuple[str, ...]:
    return (event.event, event.method, event.rule, event.resource or event.endpoint)


def plain(event_map: EventMap) -> str:
    """Return an event map as aligned text, one whole line an event."""
    rows = [_HEADINGS, *(_row(event) for event in event_map)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


# ---- TypeScript -------------------------------------------------------------------------------

_TYPES = """\
// Written by `fetch2socket events --format typescript`.
//   const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io();

export interface Ack<T = any> {
  ok: boolean;
  status: number;
  data: T;
  errors: any;
  meta?: { type?: string };
}

type Reply = (ack: Ack) => void;
type More = { [name: string]: any };
type Body = object | string | number | boolean | null;
/** No arguments, where the event has no path parameters. */
type Bare<P> = {} extends P ? [reply: Reply] : never;
/** The method has no body: params. */
type Read<P> = (...args: [params: P & More, reply: Reply] | Bare<P>) => void;
/** The method has a body: that alone, path parameters in it, or params and body. */
type Write<P> = (
  ...args: [body: P & More, reply: Reply] | [params: P & More, body: Body, reply: Reply] | Bare<P>
) => void;

"""


def typescript(event_map: EventMap) -> str:
    """Return the events as TypeScript types, for ``Socket<ServerToClientEvents, ClientToServerEvents>``."""
    lines = ["/** The path parameters of each event. */", "export interface EventParams {"]
    for event in event_map:
        params = "; ".join(f"{name}: string | number" for name in event.params)
        lines.append(f"  /** {event.method} {event.rule} */")
        lines.append(f"  {event.event}: {{ {params} }};" if params else f"  {event.event}: {{}};")
    lines += ["}", "", "export type EventName = keyof EventParams;", "", "export interface ClientToServerEvents {"]
    for event in event_map:
        lines.append(f'  {event.event}: {"Write" if event.has_body else "Read"}<EventParams["{event.event}"]>;')
    lines += ["}", "", "export interface ServerToClientEvents {", *_pushed(event_map), "}", ""]
    return _TYPES + "\n".join(lines)


def _pushed(event_map: EventMap) -> list[str]:
    names = dict.fromkeys(event.live for event in event_map if event.live)
    return [f"  {name}: (...args: any[]) => void;" for name in names]


# ---- AsyncAPI ---------------------------------------------------------------------------------


def asyncapi(event_map: EventMap) -> str:
    """Return an AsyncAPI 3 document: one channel, the socket, with an operation and a reply for each event."""
    messages = {event.event: _message(event) for event in event_map} | {"ack": {"payload": _ACK}}
    document = {
        "asyncapi": "3.0.0",
        "info": {"title": "Events", "version": "1.0.0", "description": "Written by fetch2socket: docs/wire.md."},
        "channels": {"socket": {"address": "/socket.io/", "messages": messages}},
        "operations": {event.event: _operation(event) for event in event_map},
    }
    return json.dumps(document, indent=2) + "\n"


def _operation(event: Event) -> dict[str, Any]:
    def message(name: str) -> dict[str, str]:
        return {"$ref": f"#/channels/socket/messages/{name}"}

    channel = {"$ref": "#/channels/socket"}
    return {
        "action": "receive",
        "channel": channel,
        "summary": f"{event.method} {event.rule}",
        "messages": [message(event.event)],
        "reply": {"channel": channel, "messages": [message("ack")]},
    }


def _message(event: Event) -> dict[str, Any]:
    """Return the arguments of an event as one array: params, then the body where the method has one."""
    properties = {one.name: {"type": _NUMBERS.get(one.kind, "string")} for one in converters(event.rule)}
    params: dict[str, Any] = {"type": "object", "properties": properties}
    if properties:
        params["required"] = list(properties)
    arguments = [params, {"description": "The body."}] if event.has_body else [params]
    return {"name": event.event, "payload": {"type": "array", "prefixItems": arguments, "maxItems": len(arguments)}}
