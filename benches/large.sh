#!/usr/bin/env bash
# A seeded table of 10 million rows as CSV, gzip and Parquet: six questions to aistat and, where they are installed, to DuckDB,
# Polars (from Python), xan and Miller; whole processes, answers to files. Then growth on tables of 10^4 to 10^7 rows.
# Prints Markdown tables: median seconds, and the peak of memory in MB.
#
#   cargo build --release && benches/large.sh [RUNS [QUESTION…]] > benches/large.md
#
# A QUESTION is the number of one, from 0; all without.
# Needs GNU time and python3. AISTAT, DUCKDB, PYTHON (with the module polars; with duckdb, for the Parquet file), XAN and MILLER
# name other binaries than those on the PATH; DATA a folder that keeps the tables from one time to the next. Miller runs once.
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/common.sh

runs=${1:-5}
asked=("${@:2}")
aistat=${AISTAT:-${CARGO_TARGET_DIR:-target}/release/aistat}
duckdb=${DUCKDB:-duckdb} python=${PYTHON:-python3} xan=${XAN:-xan} miller=${MILLER:-mlr} time=${TIME:-/usr/bin/time}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
data=${DATA:-$work}
has "$time" || { echo "GNU time is not installed" >&2; exit 2; }
[[ -x $aistat ]] || { echo "$aistat is not there: cargo build --release" >&2; exit 2; }

for areas in 1 10 100 1000; do
    [[ -e $data/$areas/datapackage.json ]] || "$python" benches/generate.py "$data/$areas" "$areas"
done
big=$data/1000

programs=(aistat)
has "$duckdb" && programs+=(DuckDB)
"$python" -c 'import polars' 2>/dev/null && programs+=(Polars)
has "$xan" && programs+=(xan)
has "$miller" && programs+=(Miller)

titles=(
    "growth on the year before, all rows" "share of each year's sum, all rows" "rank in each year, all rows" "top 10 of a year"
    "ratio to a second table, all rows" "sum by area, and its share of the year"
)
((${#asked[@]})) || asked=("${!titles[@]}")
rows=(10000001 10000001 10000001 11 10000001 20001)
ours=("--growth" "--share" "--rank" "--period 2023 --top 10" "compare --as ratio" "--by-area --share")
sql=(
    "SELECT *, 100 * (value - lag(value) OVER w) / lag(value) OVER w AS growth FROM t WINDOW w AS (PARTITION BY area, item ORDER BY year)"
    "SELECT *, 100 * value / sum(value) OVER (PARTITION BY year) AS share FROM t"
    "SELECT *, rank() OVER (PARTITION BY year ORDER BY value DESC) AS rank FROM t ORDER BY year, rank"
    "SELECT * FROM t WHERE year = 2023 ORDER BY value DESC LIMIT 10"
    "SELECT t.*, o.value AS other, t.value / o.value AS ratio FROM t JOIN read_csv('OTHER') o USING (year, area, item)"
    "SELECT year, area, sum(value) AS value, 100 * sum(value) / sum(sum(value)) OVER (PARTITION BY year) AS share FROM t GROUP BY year, area"
)
frames=(
    "t.with_columns(base=v.shift(1).over('area', 'item', order_by='year')).with_columns(growth=100 * (v - pl.col('base')) / pl.col('base')).drop('base')"
    "t.with_columns(share=100 * v / v.sum().over('year'))"
    "t.with_columns(rank=v.rank('min', descending=True).over('year')).sort('year', 'rank')"
    "t.filter(pl.col('year') == 2023).top_k(10, by='value')"
    "t.join(pl.scan_csv('OTHER'), on=['year', 'area', 'item']).with_columns(ratio=v / pl.col('value_right'))"
    "t.group_by('year', 'area').agg(v.sum()).with_columns(share=100 * v / v.sum().over('year'))"
)
# The file is in the order of its groups, of which xan makes use. It and Miller have no short way to rank within groups; a join of
# 10 million rows takes Miller more memory than there is.
cells=(
    "$xan window -S -g area,item 'lag(value) as base' FILE | $xan map 'if(base, 100 * (value - base) / base) as growth'"
    "$xan window -g year 'frac(value) as share' FILE"
    ""
    "$xan filter 'year == 2023' FILE | $xan top value -l 10"
    "$xan join --prefix-right o_ year,area,item FILE year,area,item OTHER | $xan map 'value / o_value as ratio'"
    "$xan groupby year,area 'sum(value) as value' FILE | $xan window -g year 'frac(value) as share'"
)
verbs=(
    "step -a shift -f value -g area,item then put '\$growth = is_empty(\$value_shift) ? \"\" : 100 * (\$value - \$value_shift) / \$value_shift' then cut -x -f value_shift"
    "fraction -f value -g year -p"
    ""
    "filter '\$year == 2023' then top -n 10 -f value -a"
    ""
    "stats1 -a sum -f value -g year,area then fraction -f value_sum -g year -p"
)

# The line that asks a program a question of a form of the table; empty where it cannot answer.
line() {
    local program=$1 question=$2 form=$3 file="$big/data/values.$3" second=csv
    # The second table is another file with the same numbers.
    [[ $form == csv ]] && second=csv.gz
    local other="$big/data/values.$second"
    case $program in
    aistat)
        local words="big ${form//./-} ${ours[question]}"
        [[ ${ours[question]} == compare* ]] && words="compare big/${form//./-} big/${second//./-} --as ratio"
        echo "$aistat --data $big $words -q -f csv > $work/out"
        ;;
    DuckDB)
        [[ $form == parquet ]] && local read="read_parquet('$file')" || local read="read_csv('$file')"
        echo "$duckdb -no-init -c \"SET preserve_insertion_order = false; COPY (WITH t AS (FROM $read) ${sql[question]/OTHER/$other}) TO '$work/out' (FORMAT csv, HEADER)\" > /dev/null"
        ;;
    Polars)
        [[ $form == parquet ]] && local scan=scan_parquet || local scan=scan_csv
        echo "$python -c \"import polars as pl; t = pl.$scan('$file'); v = pl.col('value'); ${frames[question]/OTHER/$other}.sink_csv('$work/out')\""
        ;;
    xan) [[ $form == parquet || -z ${cells[question]} ]] || { local cell=${cells[question]/FILE/$file}; echo "${cell/OTHER/$other} > $work/out"; } ;;
    Miller)
        [[ $form == csv.gz ]] && local unpack=--gzin || local unpack=
        [[ $form == parquet || -z ${verbs[question]} ]] || echo "$miller --icsv --ocsv $unpack ${verbs[question]} $file > $work/out"
        ;;
    esac
}

# Runs a line, and notes under a name how many seconds it took and how many KB it had.
measure() {
    "$time" -o "$work/time" -f '%e %M' bash -c "set -o pipefail; $2" 2>"$work/log" || { echo "$2" >&2; cat "$work/log" >&2; exit 2; }
    echo "$1 $(tail -n 1 "$work/time")" >>"$work/times"
}

forms=(csv csv.gz parquet)
# In turn, so that what else the machine does falls on all alike.
for ((round = 1; round <= runs; round++)); do
    for form in "${forms[@]}"; do
        for question in "${asked[@]}"; do
            for program in "${programs[@]}"; do
                line=$(line "$program" "$question" "$form")
                [[ -z $line || $program == Miller && $round -gt 1 ]] && continue
                measure "$program|$question|$form" "$line"
                ((round > 1)) || [[ $(wc -l <"$work/out") == "${rows[question]}" ]] ||
                    echo "$program, $form, ${titles[question]}: $(wc -l <"$work/out") lines and not ${rows[question]}" >&2
            done
        done
    done
    for areas in 1 10 100 1000; do
        measure "aistat|growth|$areas" "$aistat --data $data/$areas big csv --growth -q -f csv > $work/out"
    done
done

cell() {
    grep -F "$1 " "$work/times" | sort -k2,2g | awk '
        { seconds[NR] = $2; if ($3 > peak) peak = $3 }
        END { printf "%.2f (%.0f)", seconds[int((NR + 1) / 2)], peak / 1024 }'
}
echo "Seconds, median of $runs runs, and the peak of memory in MB:"
echo
printf '| question | file |'; printf ' %s |' "${programs[@]}"; echo
printf '| --- | --- |'; printf ' ---: |%.0s' "${programs[@]}"; echo
for question in "${asked[@]}"; do
    for form in "${forms[@]}"; do
        printf '| %s: `%s` | %s |' "${titles[question]}" "${ours[question]}" "$form"
        for program in "${programs[@]}"; do
            [[ -z $(line "$program" "$question" "$form") ]] && printf ' – |' || printf ' %s |' "$(cell "$program|$question|$form")"
        done
        echo
    done
done
echo
echo "aistat, growth from CSV by number of rows:"
echo
echo "| rows | 10 thousand | 100 thousand | 1 million | 10 million |"
echo "| --- | ---: | ---: | ---: | ---: |"
printf '| seconds (MB) |'
for areas in 1 10 100 1000; do printf ' %s |' "$(cell "aistat|growth|$areas")"; done
echo; echo
versions "${programs[@]}"
