# bash completion for entrybench: the tool itself says what fits (`entrybench complete`); where nothing does, file names.
_entrybench()
{
	local words full fitting
	# Bash parts words at ":" and "=", the tool does not.
	read -ra words <<<"${COMP_LINE:0:COMP_POINT}"
	[[ ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && words+=('')
	full=${words[-1]}
	mapfile -t fitting < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
	COMPREPLY=("${fitting[@]#"${full%"${full##*[:=]}"}"}")
}
complete -o default -o nosort -F _entrybench entrybench
