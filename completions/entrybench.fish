# fish completion for entrybench: the tool itself says what fits (`entrybench complete`); where nothing does, file names.
function __entrybench_complete
	set -l words (commandline -opc) (commandline -ct)
	$words[1] complete -- $words[2..-1] 2>/dev/null
end
complete -c entrybench -a '(__entrybench_complete)'
