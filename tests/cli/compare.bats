# compare: exit status, formats, refusals.

load common

# measure FOLDER TICKS: a run of the made-up guest whose crossing costs so much.
measure() {
	"$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -V alpha -b 2 -o "$1" -q >/dev/null 2>&1
	if [ -n "${2-}" ]; then
		jq --argjson more "$2" '(.cells[] | .boots[] | .round_trip) += $more' "$1/run.json" >"$1/new"
		mv "$1/new" "$1/run.json"
	fi
}

@test "the same twice: status 0, and nothing is called" {
	measure "$T/old"
	measure "$T/new"
	run "$ENTRYBENCH" compare "$T/old" "$T/new"
	exits 0
	says "~"
	says "instructions: exact, one more is slower"
	[[ $output != *slower$'\n'* ]]
}

@test "one instruction more: status 3, within the threshold 0" {
	measure "$T/old"
	measure "$T/new" 1
	run "$ENTRYBENCH" compare "$T/old" "$T/new"
	exits 3
	says "slower"
	says "regression"
	run "$ENTRYBENCH" compare --fail-threshold 1instruction "$T/old" "$T/new"
	exits 0
	run "$ENTRYBENCH" compare "$T/new" "$T/old"
	exits 0
	says "faster"
}

@test "run.json may be named itself" {
	measure "$T/old"
	run "$ENTRYBENCH" compare "$T/old/run.json" "$T/old"
	exits 0
}

@test "every format is what its readers expect" {
	measure "$T/old"
	measure "$T/new" 2
	run "$ENTRYBENCH" compare --format json "$T/old" "$T/new"
	exits 3
	jq -e '.regressions >= 1 and (.cells | all(.delta == 2 and .regression))' <<<"$output"
	run "$ENTRYBENCH" compare --format junit "$T/old" "$T/new"
	python3 -c 'import sys, xml.dom.minidom as m; d = m.parseString(sys.stdin.read()); assert d.getElementsByTagName("failure")' <<<"$output"
	run "$ENTRYBENCH" compare --format github "$T/old" "$T/new"
	says "::error title=entrybench::tcg, "
	run "$ENTRYBENCH" compare --format csv "$T/old" "$T/new"
	[ "$(head -n 1 <<<"$output" | cut -d, -f1-4)" = machine,unit,bench,variant ]
	run "$ENTRYBENCH" compare --format markdown "$T/old" "$T/new"
	says "**slower**"
}

@test "usage and refusals name what is wrong" {
	measure "$T/old"
	run "$ENTRYBENCH" compare "$T/old"
	exits 2
	says "which two runs?"
	run "$ENTRYBENCH" compare --format yaml "$T/old" "$T/old"
	exits 2
	says "give table, markdown"
	run "$ENTRYBENCH" compare --alpha 2 "$T/old" "$T/old"
	exits 2
	run "$ENTRYBENCH" compare --fail-threshold 2 "$T/old" "$T/old"
	exits 2
	says "cycles or instructions"
	run "$ENTRYBENCH" compare "$T/none" "$T/old"
	exits 2
	says "cannot read"
	run "$ENTRYBENCH" compare --by kpti "$T/old"
	exits 1
	says "kpti"
}
