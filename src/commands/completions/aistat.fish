# fish completion of aistat. Load it with:
#   aistat completions fish | source
# or keep it: aistat completions fish > ~/.config/fish/completions/aistat.fish

function __aistat_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string unescape)
    set -l lines ($words[1] completions fish -- $words "$current" 2>/dev/null)
    set -l path (string replace -r -- '^--[a-z-]+=' '' "$current")
    set -l option (string match -r -- '^--[a-z-]+=' "$current")
    switch "$lines[1]"
        case files
            for found in (complete -C "__aistat_path $path")
                printf '%s%s\n' "$option" $found
            end
        case folders
            for found in (__fish_complete_directories "$path" '')
                printf '%s%s\n' "$option" $found
            end
        case '*'
            printf '%s\n' $lines[2..-1]
    end
end

complete -c aistat -f -k -a '(__aistat_complete)'
