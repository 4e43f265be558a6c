#!/usr/bin/env python3
"""Writes a seeded package of areas x items x years: DIR, rows of one table (default 10 million), as CSV, gzip and Parquet.

usage: generate.py DIR [AREAS [ITEMS [YEARS]]]
Parquet is written where the duckdb module is installed.
"""
import gzip
import json
import pathlib
import random
import shutil
import sys


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    sizes = [int(word) for word in sys.argv[2:5]]
    areas, items, years = sizes + [1000, 500, 20][len(sizes):]
    (folder / "data").mkdir(parents=True, exist_ok=True)
    table = folder / "data" / "values.csv"
    generator = random.Random(20240401)
    with table.open("w", encoding="utf-8", newline="\n") as out:
        out.write("year,area,item,value\n")
        for area in range(areas):
            for item in range(items):
                level = generator.randint(100, 100_000)
                lines = []
                for year in range(2004, 2004 + years):
                    lines.append(f"{year},area-{area:04d},item-{item:03d},{level / 10:.1f}\n")
                    level = max(1, int(level * generator.uniform(0.8, 1.3)))
                out.write("".join(lines))
    with table.open("rb") as source, gzip.open(folder / "data" / "values.csv.gz", "wb", compresslevel=1) as packed:
        shutil.copyfileobj(source, packed, 1 << 20)
    names = ["csv", "csv.gz"]
    try:
        import duckdb

        parquet = folder / "data" / "values.parquet"
        duckdb.sql(f"COPY (SELECT * FROM read_csv('{table}')) TO '{parquet}' (FORMAT parquet)")
        names.append("parquet")
    except ImportError:
        print("no duckdb module: no Parquet", file=sys.stderr)
    fields = [
        {"name": "year", "type": "year"},
        {"name": "area", "type": "string"},
        {"name": "item", "type": "string"},
        {"name": "value", "type": "number"},
    ]
    resources = [
        {"name": name.replace(".", "-"), "path": f"data/values.{name}", "schema": {"fields": fields}} for name in names
    ]
    descriptor = {"name": "big", "title": "A seeded table", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=2) + "\n", encoding="utf-8")


main()
