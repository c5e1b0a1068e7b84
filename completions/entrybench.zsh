#compdef entrybench
# zsh completion for entrybench: the tool itself says what fits (`entrybench complete`); where nothing does, file names.
local -a fitting
fitting=("${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
if [[ -n "${fitting[*]}" ]]; then
	compadd -U -- "${fitting[@]}"
else
	_files
fi
