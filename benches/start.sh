#!/usr/bin/env bash
# Start to answer: five typical questions, whole processes, beside an empty Rust program and, where they are installed,
# SQLite, Miller, DuckDB and Python on the same tables. Prints a Markdown table of medians.
#
#   cargo build --release && benches/start.sh [RUNS] > benches/start.md
#
# Needs hyperfine. AISTAT, SQLITE, MILLER, DUCKDB and PYTHON name other binaries than those on the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/common.sh

runs=${1:-300}
aistat=${AISTAT:-${CARGO_TARGET_DIR:-target}/release/aistat}
sqlite=${SQLITE:-sqlite3} miller=${MILLER:-mlr} duckdb=${DUCKDB:-duckdb} python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
has hyperfine || { echo "hyperfine is not installed" >&2; exit 2; }
[[ -x $aistat ]] || { echo "$aistat is not there: cargo build --release" >&2; exit 2; }

# As it is installed: what a linker has just written lies in the page cache in smaller pieces than what was copied.
install -m 755 "$aistat" "$work/aistat"
aistat=$work/aistat

echo 'fn main() {}' >"$work/empty.rs"
rustc -C opt-level=3 -o "$work/empty" "$work/empty.rs"

scale=data/china/scale.csv city=data/shenzhen/scale.csv funds=data/shenzhen/financing.csv
rounds=data/shenzhen/financing-by-round.csv districts=data/shenzhen/companies-by-district.csv

# The same five questions for each program. Miller and Python have no short way to join and none is written for them.
ours=(
    "shenzhen financing"
    "shenzhen financing --by-round --where round=angel --measure deals --value"
    "shenzhen scale --growth"
    "shenzhen companies --by-district --rank"
    "compare shenzhen/scale china/scale --as share"
)
titles=("a table" "one number" "growth on a year before" "a rank" "two tables compared")
sql=(
    "SELECT period, amount, deals FROM a"
    "SELECT deals FROM a WHERE round = 'angel'"
    "SELECT period, 100.0 * (scale - lag(scale) OVER (ORDER BY period)) / lag(scale) OVER (ORDER BY period) FROM a"
    "SELECT district, companies, rank() OVER (ORDER BY companies DESC) FROM a ORDER BY 3"
    "SELECT a.period, 100.0 * a.scale / b.scale FROM a JOIN b USING (period)"
)
tables=("$funds" "$rounds" "$city" "$districts" "$city $scale")
verbs=(
    "cut -f period,amount,deals"
    "filter '\$round == \"angel\"' then cut -f deals"
    "step -a shift -f scale then put '\$growth = 100 * (\$scale - \$scale_shift) / \$scale_shift'"
    "sort -nr companies then cat -n"
    "join -j period --lp a_ --rp b_ -f $scale then put '\$share = 100 * \$b_scale / \$a_scale'"
)
code=(
    "for r in a: print(r['period'], r['amount'], r['deals'], sep=',')"
    "print(next(r['deals'] for r in a if r['round'] == 'angel'))"
    "p = None
for r in a:
    v = float(r['scale'] or 'nan'); print(r['period'], p and 100 * (v - p) / p, sep=','); p = v"
    "for n, r in enumerate(sorted(a, key=lambda r: -float(r['companies'] or 0)), 1): print(r['district'], r['companies'], n, sep=',')"
    "d = {r['period']: r for r in b}
for r in a:
    if r['period'] in d: print(r['period'], r['scale'], d[r['period']]['scale'], sep=',')"
)

commands=()
add() { commands+=(--command-name "$1" "$2"); }
add "empty" "$work/empty"
for i in "${!ours[@]}"; do
    read -r a b <<<"${tables[i]}"
    add "aistat|$i" "$aistat ${ours[i]} -f csv -q"
    if has "$sqlite"; then
        { echo ".mode csv"; echo ".import $a a"; [[ -z $b ]] || echo ".import $b b"; echo "${sql[i]};"; } >"$work/$i.sqlite"
        add "SQLite|$i" "$sqlite -batch -init $work/$i.sqlite :memory: .quit"
    fi
    if has "$miller"; then
        add "Miller|$i" "$miller --icsv --ocsv ${verbs[i]} $a"
    fi
    if has "$duckdb"; then
        { echo "CREATE VIEW a AS FROM read_csv('$a');"; [[ -z $b ]] || echo "CREATE VIEW b AS FROM read_csv('$b');"; echo "${sql[i]};"; } >"$work/$i.duckdb"
        add "DuckDB|$i" "$duckdb -csv -no-init -f $work/$i.duckdb"
    fi
    if has "$python"; then
        { echo "import csv"; echo "a = list(csv.DictReader(open('$a')))"; [[ -z $b ]] || echo "b = list(csv.DictReader(open('$b')))"; echo "${code[i]}"; } >"$work/$i.py"
        add "Python|$i" "$python -I -S $work/$i.py"
    fi
done
# Ten rounds in turn, so that what else the machine does falls on all alike.
for round in {1..10}; do
    hyperfine --shell none --warmup 3 --runs "$((runs / 10))" --output null --style none \
        --export-json "$work/times.$round.json" "${commands[@]}" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 2; }
done

# Median and middle half of each command, in milliseconds.
awk '
    /"command":/ { sub(/^[^:]*: *"/, ""); sub(/",?$/, ""); name = $0 }
    /"times":/ { inside = 1; n = 0; next }
    inside && /\]/ { inside = 0; for (i = 1; i <= n; i++) print name "\t" t[i] * 1000 }
    inside { gsub(/[ ,]/, ""); t[++n] = $0 }
' "$work"/times.*.json | sort -t$'\t' -k1,1 -k2,2g | awk -F'\t' '
    function flush() { if (n) printf "%s\t%.2f\t%.2f\t%.2f\n", name, t[int(n / 2) + 1], t[int(n / 4) + 1], t[int(n * 3 / 4) + 1]; n = 0 }
    $1 != name { flush(); name = $1 }
    { t[++n] = $2 }
    END { flush() }
' >"$work/medians"

programs=(aistat)
for program in SQLite Miller DuckDB Python; do
    grep -q "^$program|" "$work/medians" && programs+=("$program")
done
cell() { awk -F'\t' -v name="$1" -v empty="$2" '$1 == name { printf "%.2f (%.2f–%.2f) %.1f×", $2, $3, $4, $2 / empty }' "$work/medians"; }
empty=$(awk -F'\t' '$1 == "empty" { print $2 }' "$work/medians")

echo "Start to answer, in milliseconds: median of $runs runs (middle half), and how many times the empty program."
echo
printf '| question |'; printf ' %s |' "${programs[@]}"; echo
printf '| --- |'; printf ' --- |%.0s' "${programs[@]}"; echo
for i in "${!ours[@]}"; do
    printf '| %s: `aistat %s` |' "${titles[i]}" "${ours[i]}"
    for program in "${programs[@]}"; do printf ' %s |' "$(cell "$program|$i" "$empty")"; done
    echo
done
echo
awk -F'\t' '$1 == "empty" { printf "Empty Rust program: %.2f (%.2f–%.2f).\n", $2, $3, $4 }' "$work/medians"
echo
versions "${programs[@]}"
