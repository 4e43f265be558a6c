# What the benchmarks share. They source it.

has() { command -v "$1" >/dev/null; }

first_line() { "$@" 2>&1 | head -n 1 || true; }

# The versions of aistat, of rustc and of other programs by their names, and the machine, in one line.
versions() {
    local all program
    all="aistat $(git describe --always --dirty 2>/dev/null || first_line "$aistat" --version), $(first_line rustc --version | cut -d' ' -f1,2)"
    for program; do
        case $program in
        SQLite) all+=", SQLite $(first_line "$sqlite" --version | cut -d' ' -f1)" ;;
        Miller) all+=", Miller $(first_line "$miller" --version | cut -d' ' -f2)" ;;
        DuckDB) all+=", DuckDB $(first_line "$duckdb" --version | cut -d' ' -f1)" ;;
        Polars) all+=", Polars $("$python" -c 'import polars; print(polars.__version__)')" ;;
        Python) all+=", $(first_line "$python" --version)" ;;
        xan) all+=", xan $(first_line "$xan" --version)" ;;
        esac
    done
    echo "$all; $(nproc) cores, $(uname -sr)."
}
