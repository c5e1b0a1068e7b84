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
	run "$ENTRYBENCH" compare --linux x "$T/old"
	exits 2
	says "--linux twice, and no folder"
	run "$ENTRYBENCH" compare --baseline none "$T/old"
	exits 2
	says 'no baseline "none"'
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

@test "other classes are refused always, other CPUs and versions of the schema but with --force" {
	measure "$T/old"
	mkdir "$T/new"
	refuses() {
		jq "$1" "$T/old/run.json" >"$T/new/run.json"
		run "$ENTRYBENCH" compare "${@:3}" "$T/old" "$T/new"
		exits "$2"
	}
	refuses '.machines[].cpu = "another"' 1
	says "ran on another CPU"
	refuses '.machines[].cpu = "another"' 0 --force
	refuses '.schema = "entrybench-run/2"' 2
	says 'its schema is "entrybench-run/2"'
	refuses '.schema = "entrybench-run/2"' 0 --force
	refuses '.schema = "another/1"' 2 --force
	refuses '.machines[].class = "silicon" | .cells[].class = "silicon"' 1 --force
	says "classes are never compared"
	refuses '(.machines[], .cells[]).class = "silicon" | .machines[].name = "x" | .cells[].machine = "x"' 1 --force
	says "instructions of tcg against cycles of x: classes are never compared"
	refuses '.' 1 --fail-threshold 3cycles
	says "--fail-threshold is in cycles, and these runs count instructions"
}

@test "what one side only has is no comparison" {
	measure "$T/old"
	mkdir "$T/new"
	jq 'del(.cells[0])' "$T/old/run.json" >"$T/new/run.json"
	run "$ENTRYBENCH" compare --format github "$T/old" "$T/new"
	exits 0
	says "only in OLD"
	says "::notice title=entrybench::$(($(jq '[.cells[] | select(.status == "ok")] | length' "$T/old/run.json") - 1)) cells compared, 1 of one side only, 0 regressions"
}

@test "a baseline is kept, listed, compared with and removed" {
	export XDG_DATA_HOME=$T/data
	"$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -V alpha -b 1 -o "$T/old" -q --save-baseline 'last week/1'
	run "$ENTRYBENCH" baselines list
	exits 0
	says "last week/1"
	run "$ENTRYBENCH" baselines show 'last week/1'
	exits 0
	says "tcg: deterministic"
	measure "$T/new" 1
	run "$ENTRYBENCH" compare --no-bill --baseline 'last week/1' "$T/new"
	exits 3
	says "slower"
	run "$ENTRYBENCH" baselines rm 'last week/1'
	exits 0
	run "$ENTRYBENCH" baselines show 'last week/1'
	exits 2
	says 'no baseline "last week/1"'
	run "$ENTRYBENCH" baselines list
	[ -z "$output" ]
	run "$ENTRYBENCH" baselines drop x
	exits 2
	says "list | show NAME | rm NAME"
}

@test "a regression names the phases, from the images that were measured" {
	[ -e "$MANIFEST" ] || skip "the build made no manifest"
	command -v qemu-system-x86_64 >/dev/null || skip "no QEMU"
	unset ENTRYBENCH_QEMU
	"$ENTRYBENCH" run --manifest "$MANIFEST" -m tcg -V sysret,sysret-kpti -B null_syscall -b 1 -o "$T/run" -q
	run "$ENTRYBENCH" compare --manifest "$MANIFEST" --by kpti "$T/run"
	exits 3
	says "sysret-kpti against sysret: trampoline +"
	says "cr3_to_kernel +"
	# What was measured is no longer what the image costs: no phases then.
	jq '(.cells[].boots[].round_trip) |= . + 1' "$T/run/run.json" >"$T/new" && mv "$T/new" "$T/run/run.json"
	run "$ENTRYBENCH" compare --manifest "$MANIFEST" --by kpti "$T/run"
	exits 3
	says "the image of sysret is no longer the one"
}

@test "two kernels are measured and compared" {
	kernel=$(dirname "$MANIFEST")/linux/vmlinuz
	[ -e "$kernel" ] || skip "no stock kernel: tools/setup --linux"
	unset ENTRYBENCH_QEMU
	cp "$kernel" "$T/new.bzImage"
	run "$ENTRYBENCH" compare --manifest "$MANIFEST" --linux "$kernel" --linux "$T/new.bzImage" \
		--append pti=on -b 1 -o "$T/both"
	exits 0
	says "linux, null_syscall, instructions"
	says "~"
	jq -e --arg file "$T/new.bzImage" '.options.linux == [$file]' "$T/both/new/run.json"
}

@test "show prints one cell with its boots, flags and log" {
	measure "$T/old"
	run "$ENTRYBENCH" show "$T/old" alpha:one
	exits 0
	says "tcg: deterministic"
	says "  boot  status  round trip"
	says "$T/old/logs/tcg.alpha."
	"$ENTRYBENCH" show --json "$T/old" tcg:alpha:one | jq -e '.bench == "one" and (.boots | length) == 2'
	run "$ENTRYBENCH" show "$T/old" alpha:onr
	exits 2
	says "no cell alpha:onr"
	run "$ENTRYBENCH" show "$T/old"
	exits 2
	says "which cell?"
}
