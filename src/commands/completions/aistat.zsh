#compdef aistat
# zsh completion of aistat. Load it after compinit with:
#   source <(aistat completions zsh)
# or keep it in a folder of $fpath: aistat completions zsh > ~/.zfunc/_aistat

_aistat() {
    local -a lines plain open
    local line value about
    lines=("${(@f)$("${(Q)words[1]}" completions zsh -- "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    case ${lines[1]} in
        files) [[ $PREFIX == --*=* ]] && compset -P '--*='; _files; return ;;
        folders) [[ $PREFIX == --*=* ]] && compset -P '--*='; _files -/; return ;;
    esac
    for line in "${(@)lines[2,-1]}"; do
        value=${line%%$'\t'*}
        about=${line#*$'\t'}
        if [[ $value == *[=:] ]]; then
            open+=("${value//:/\\:}${about:+:$about}")
        else
            plain+=("${value//:/\\:}${about:+:$about}")
        fi
    done
    local found=1
    (( $#open )) && _describe -V 'aistat' open -S '' && found=0
    (( $#plain )) && _describe -V 'aistat' plain && found=0
    return found
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _aistat "$@"
else
    compdef _aistat aistat
fi
