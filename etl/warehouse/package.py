"""``datapackage.json`` for a folder of table files: fields, keys, sources and licences, all from the schema."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from etl import sources
from etl.warehouse.schema import SqlType, Table

_JSON_TYPES: dict[SqlType, str] = {
    "TEXT": "string",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}


def write(
    folder: Path,
    table_list: Sequence[Table],
    table_sources: dict[str, list[str]],
    file_format: str,
    name: str,
    title: str,
    description: str,
    build_id: str,
) -> None:
    """Write ``datapackage.json`` into ``folder``. ``table_sources`` gives the ids of the sources of each table."""
    package = {
        "name": name,
        "title": title,
        "description": description,
        "build_id": build_id,
        "sources": [_source(s) for s in sorted({s for ids in table_sources.values() for s in ids})],
        "resources": [_resource(t, table_sources.get(t.name, []), file_format) for t in table_list],
    }
    text = json.dumps(package, indent=1, ensure_ascii=False) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")


def _source(source_id: str) -> dict[str, str]:
    source = sources.all_sources()[source_id]
    return {"title": source.title, "path": source.landing_url}


def _licence(source_id: str) -> dict[str, str]:
    """The terms in words, and where they are: publishers' terms have none of the names that the format knows."""
    source = sources.all_sources()[source_id]
    return {"title": source.licence, "path": source.landing_url}


def _resource(table: Table, source_ids: Sequence[str], file_format: str) -> dict[str, Any]:
    fields = []
    for field in table.fields:
        described: dict[str, Any] = {
            "name": field.name,
            "type": _JSON_TYPES[field.type],
            "description": field.description,
        }
        if field.required:
            described["constraints"] = {"required": True}
        fields.append(described)
    resource: dict[str, Any] = {
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}.{file_format}",
        "format": file_format,
        "title": table.name,
        "description": table.description,
        "schema": {"fields": fields, "primaryKey": list(table.key)},
    }
    if file_format == "csv":
        resource["mediatype"], resource["encoding"] = "text/csv", "utf-8"
    if source_ids:
        resource["sources"] = [_source(s) for s in source_ids]
        resource["licenses"] = [_licence(s) for s in source_ids]
    return resource
