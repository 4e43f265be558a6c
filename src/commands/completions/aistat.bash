# bash completion of aistat. Load it with:
#   source <(aistat completions bash)
# or keep it: aistat completions bash > ~/.local/share/bash-completion/completions/aistat

_aistat() {
    local rest=${COMP_LINE:0:COMP_POINT} words=() word i
    # bash splits words at = and : as well: put together what no blank parts.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $i -gt 0 && $rest == [!$' \t']* ]]; then
            ((i == COMP_CWORD)) && word=$rest
            words[${#words[@]} - 1]+=$word
        else
            rest=${rest#"${rest%%[!$' \t']*}"}
            ((i == COMP_CWORD)) && word=$rest
            words+=("$word")
        fi
        rest=${rest#"$word"}
    done

    # Quotes and backslashes are the shell's, not the program's.
    local typed=${words[${#words[@]} - 1]} kind value
    words=("${words[@]//[\\\"\']/}")
    local current=${words[${#words[@]} - 1]}
    local -a values=()
    while IFS=$'\t' read -r value _; do
        if [[ -z $kind ]]; then kind=$value; else values+=("$value"); fi
    done < <("$1" completions bash -- "${words[@]}" 2>/dev/null)

    case $kind in
    files | folders)
        local path=${current#--*=} flag=-f
        [[ $kind == folders ]] && flag=-d
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen $flag -- "$path")
        return
        ;;
    esac

    # What bash puts a candidate in the place of is $2, which begins at a break: leave out what stands before it.
    local replaced=${2//[\\\"\']/}
    local before=${current%"$replaced"}
    COMPREPLY=()
    for value in "${values[@]}"; do
        [[ $value == *[=:] ]] && compopt -o nospace 2>/dev/null
        value=${value#"$before"}
        # A name from data may hold what means something to the shell; inside quotes it does not.
        if [[ $typed != [\"\']* && $value == *[[:space:][:cntrl:]\"\'\\\$\`\!\&\;\|\<\>\(\)\[\]\{\}*?~#^]* ]]; then
            printf -v value %q "$value"
        fi
        COMPREPLY+=("$value")
    done
}

complete -o nosort -F _aistat aistat 2>/dev/null || complete -F _aistat aistat
