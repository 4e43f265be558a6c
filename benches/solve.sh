#!/usr/bin/env bash
# What follows, whole process from a cold start: the report solved, single questions with their component, and a package of
# 10 000 cells in 1 000 components of ten. Needs hyperfine and python3; build first: cargo build --release. Prints a Markdown table.
set -euo pipefail
cd "$(dirname "$0")/.."
aistat="${CARGO_TARGET_DIR:-target}/release/aistat"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$work/many" <<'P'
import json, os, random, sys
root = sys.argv[1]
os.makedirs(f"{root}/here"), os.makedirs(f"{root}/codes")
random.seed(1)
members = [f"m{i}" for i in range(1000)]
field = lambda name, kind="string", **more: {"name": name, "type": kind, **more}
table = lambda name, path, fields, **more: {"name": name, "path": path, "format": "csv", "schema": {"fields": fields}, **more}
codes = [field("code"), field("zh"), field("en"), field("order", "integer")]
units = [*codes[:3], field("family"), field("power", "integer"), field("order", "integer")]
growth = {"aistat:unit": "percent", "aistat:kind": "rate", "aistat:growthOf": {"of": "sales", "base": "stated"}}
resources = [
    table("here-sales-by-shop", "here/sales-by-shop.csv",
          [field("period"), field("shop"), field("sales", "number", **{"aistat:unit": "yuan", "aistat:kind": "flow"}), field("sales_growth", "number", **growth)],
          **{"aistat:area": "here", "aistat:topic": "sales", "aistat:dimensions": ["shop"], "aistat:exhaustive": "no"}),
    table("units", "codes/units.csv", units, **{"aistat:role": "codes"}),
    *(table(name, f"codes/{name}.csv", codes, **{"aistat:role": "codes"}) for name in ("areas", "topics", "shop")),
]
json.dump({"name": "many", "version": "1", "resources": resources}, open(f"{root}/datapackage.json", "w"))
write = lambda name, lines: open(f"{root}/{name}", "w").write("\n".join(lines) + "\n")
write("codes/units.csv", ["code,zh,en,family,power,order", "yuan,元,yuan,cny,0,1", "percent,%,%,percent,0,2"])
write("codes/areas.csv", ["code,zh,en,order", "here,此地,Here,1"])
write("codes/topics.csv", ["code,zh,en,order", "sales,销售,Sales,1"])
write("codes/shop.csv", ["code,zh,en,order"] + [f"{m},{m},{m},{i}" for i, m in enumerate(members)])
rows = ["period,shop,sales,sales_growth"]
for member in members:
    level = random.uniform(100, 10000)
    for year in range(2019, 2024):
        rate = random.uniform(-20, 30)
        level *= 1 + rate / 100
        shown = f"{level:.0f}" if year == 2023 or random.random() < 0.3 else ""
        rows.append(f"{year},{member},{shown},{rate:.1f}")
write("here/sales-by-shop.csv", rows)
P
names=(
  "dump"
  "dump --derived"
  "audit"
  "shenzhen financing --by-round --derived"
  "china netizens --derived"
  "test 'china/scale:scale@2023 / @2022 > 1.11'"
  "dump --data many"
  "dump --derived --data many"
)
commands=()
for name in "${names[@]}"; do
  commands+=("$aistat ${name/--data many/--data $work\/many} -q")
done
hyperfine -N -i --warmup 3 --runs 30 --export-json "$work/result.json" "${commands[@]}" > /dev/null 2>&1
printf '%s\n' "${names[@]}" > "$work/names"
python3 - "$work" <<'P'
import json, sys
work = sys.argv[1]
names = open(f"{work}/names", encoding="utf-8").read().splitlines()
print("| question | median ms | least ms |\n| --- | ---: | ---: |")
for name, r in zip(names, json.load(open(f"{work}/result.json", encoding="utf-8"))["results"]):
    print(f"| aistat {name} | {r['median'] * 1000:.1f} | {r['min'] * 1000:.1f} |")
P
