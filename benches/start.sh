#!/usr/bin/env bash
# Start to answer, whole process: five questions beside an empty Rust program, SQLite, Miller and DuckDB on the same table
# where they are installed, in one run. Needs hyperfine; build first: cargo build --release. Prints a Markdown table.
set -euo pipefail
cd "$(dirname "$0")/.."
aistat="${CARGO_TARGET_DIR:-target}/release/aistat"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo 'fn main() {}' > "$work/empty.rs"
rustc -O -o "$work/empty" "$work/empty.rs"
table=data/shenzhen/financing-by-round.csv
commands=("$work/empty")
names=("empty Rust program")
for question in "shenzhen financing --by-round" "china scale --growth --source" "world companies --rank" \
  "shenzhen patents --period 2023 --value" "compare shenzhen/financing china/financing --as share"; do
  commands+=("$aistat $question -q")
  names+=("aistat $question")
done
if command -v sqlite3 > /dev/null; then
  sqlite3 "$work/t.db" ".mode csv" ".import $table t" > /dev/null
  commands+=("sqlite3 -csv $work/t.db 'select * from t'")
  names+=("SQLite $(sqlite3 --version | cut -d' ' -f1), table already loaded")
fi
if command -v mlr > /dev/null; then
  commands+=("mlr --icsv --ocsv cat $table")
  names+=("Miller $(mlr --version | grep -oE '[0-9.]+' | head -n 1)")
fi
if command -v duckdb > /dev/null; then
  commands+=("duckdb -csv -c \"select * from '$table'\"")
  names+=("DuckDB $(duckdb --version | cut -d' ' -f1)")
fi
hyperfine -N --warmup 20 --runs 200 --export-json "$work/result.json" "${commands[@]}" > /dev/null 2>&1
printf '%s\n' "${names[@]}" > "$work/names"
python3 - "$work" <<'P'
import json, sys
work = sys.argv[1]
names = open(f"{work}/names", encoding="utf-8").read().splitlines()
results = json.load(open(f"{work}/result.json", encoding="utf-8"))["results"]
base = results[0]["median"]
print("| program | median ms | standard deviation | times the empty program |\n| --- | ---: | ---: | ---: |")
for name, r in zip(names, results):
    print(f"| {name} | {r['median'] * 1000:.2f} | {r['stddev'] * 1000:.2f} | {r['median'] / base:.1f} |")
P
