# fish completion for entrybench: the tool itself says what fits (`entrybench complete`); where nothing does, file names.
function __entrybench_complete
	set -l words (commandline -opc) (commandline -ct)
	set -l fitting ($words[1] complete -- $words[2..-1] 2>/dev/null)
	if set -q fitting[1]
		printf '%s\n' $fitting
	else
		__fish_complete_path (commandline -ct)
	end
end
complete -c entrybench -f -a '(__entrybench_complete)'
