# What commands print and choose when all is well.

load common

@test "--help and --version everywhere" {
	run "$ENTRYBENCH" --help
	exits 0
	for command in doctor list run report show export bill compare merge baselines prices image collect kexec; do
		says "  $command "
	done
	run "$ENTRYBENCH"
	exits 2
	for command in doctor list run report show export bill compare merge baselines prices image collect kexec; do
		run "$ENTRYBENCH" "$command" --help
	exits 0
		says "  entrybench $command [OPTION"
		says "--version"
		# In characters, whatever the locale.
		[ "$(awk '{ gsub(/…/, "."); if (length > 80) print }' <<<"$output")" = "" ]
		run "$ENTRYBENCH" "$command" --version
	exits 0
		[[ $output =~ ^entrybench\ [0-9]+\.[0-9]+\.[0-9]+ ]]
	done
}

@test "a system without locales, as a small container is" {
	unshare -m true 2>/dev/null || skip "no mount namespace may be made here"
	jq '.variants[0].about = "früher"' "$T/manifest.json" >"$T/umlaut.json"
	# shellcheck disable=SC2016 # the inner shell expands them
	run unshare -m sh -c 'mount -t tmpfs none /usr/lib/locale && exec "$0" "$@"' \
		"$ENTRYBENCH" list --manifest "$T/umlaut.json"
	exits 0
	says 'fr\u{fc}her'
}

@test "list as text and as JSON" {
	run "$ENTRYBENCH" list --manifest "$T/manifest.json"
	exits 0
	says alpha
	says "unsafe, for measurement only: fourth"
	says "silicon, elsewhere on request: three"
	"$ENTRYBENCH" list --manifest "$T/manifest.json" --json >"$T/list.json"
	jq -e '.variants | map(select(.machine == "") | .name) == ["alpha", "beta", "gamma", "delta"]' "$T/list.json"
	jq -e '.variants[2] | .needs == ["pcid"] and .features == {"exit": "c"} and .safe' "$T/list.json"
	jq -e '.variants[3].safe == false' "$T/list.json"
	jq -e '.benchmarks[1] | .name == "sweep" and .params == ["1", "20"] and .about == "two"' "$T/list.json"
	jq -e '.machines | map(.name) | contains(["kvm", "tcg", "bochs"])' "$T/list.json"
}

@test "doctor says why a machine does not work, and what to do" {
	ENTRYBENCH_QEMU=$T/none EB_BOCHS=$T/none run "$ENTRYBENCH" doctor --manifest "$T/manifest.json"
	exits 77
	says "apt-get install qemu-system-x86"
	says "apt-get install bochs"
	EB_BOCHS=$T/none "$ENTRYBENCH" doctor --manifest "$T/manifest.json" --json >"$T/doctor.json"
	jq -e '.machines[] | select(.name == "tcg") | .available and .class == "deterministic" and .unit == "instructions"' "$T/doctor.json"
	jq -e '.machines[] | select(.name == "bochs") | .available == false and (.reason | length > 0)' "$T/doctor.json"
	jq -e '.host | .cpus > 0 and (.kernel | startswith("Linux")) and (.mitigations | type == "object")' "$T/doctor.json"
	jq -e '.warnings | type == "array"' "$T/doctor.json"
}

@test "a machine whose probe hangs is not available" {
	FAKE_GUEST=mute run "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -o "$T/out"
	exits 77
	says "the kernel does not boot: no end within 10 s"
	[ ! -e "$T/out" ]
	no_process_left
}

@test "--dry-run prints the plan and writes nothing" {
	bench_run --dry-run --seed 5 -b 2
	exits 0
	[ "$(grep -c '^boot ' <<<"$output")" -eq 6 ]
	says "skipped: gamma on tcg: needs pcid, which tcg lacks"
	says "6 boots, 12 cells"
	[ ! -e "$T/out" ]
	first=$output
	bench_run --dry-run --seed 5 -b 2
	[ "$output" = "$first" ]
	bench_run --dry-run --seed 6 -b 2
	[ "$output" != "$first" ]
}

@test "a need that the machine does not meet: skipped with the reason, status 0" {
	bench_run -V alpha -V gamma -b 1
	exits 0
	[ "$(cells '.variant == "gamma" and .status == "skipped"' | wc -l)" -eq 3 ]
	cells '.variant == "gamma"' | grep -q "needs pcid, which tcg lacks"
}

@test "a benchmark of another class runs only where it is named" {
	bench_run -V alpha -b 1
	[ "$(cells '.bench == "slow"' | wc -l)" -eq 0 ]
	rm -r "$T/out"
	bench_run -V alpha -b 1 -B slow -B 'sweep:2*'
	exits 0
	[ "$(cells true | cut -d' ' -f2 | sort | tr '\n' ' ')" = "slow sweep:20 " ]
}

@test "lists: commas and repetition add up, values stand where POSIX allows them" {
	bench_run -V alpha,beta -V gamma -Bone,sweep:1 -b1
	exits 0
	[ "$(cells '.status == "ok"' | sort | tr '\n' ',')" = "alpha one ok ,alpha sweep:1 ok ,beta one ok ,beta sweep:1 ok ," ]
	[ "$(jq -c .options.variants "$T/out/run.json")" = '["alpha","beta","gamma"]' ]
	rm -r "$T/out"
	run "$ENTRYBENCH" run --manifest="$T/manifest.json" -qvm tcg --variant=alpha -B one -b1 -o"$T/out"
	exits 0
	[ "$(cells true)" = "alpha one ok " ]
}

@test "-B NAME takes all of its parameters" {
	bench_run -V alpha -b 1 -B sweep
	[ "$(cells true | cut -d' ' -f2 | sort | tr '\n' ' ')" = "sweep:1 sweep:20 " ]
}

@test "the reference that is named is run, and others are compared with it" {
	bench_run -V beta -B one -b 1 --reference alpha
	exits 0
	[ "$(jq -r .reference "$T/out/run.json")" = alpha ]
	[ "$(jq '.cells[] | select(.variant == "beta") | .summary.vs_reference.delta' "$T/out/run.json")" -eq 1 ]
}

@test "run.json says what was run, where, and how to repeat it" {
	bench_run -V alpha -B one -b 1 -n 30 --seed 9 -- -cpu fake
	exits 0
	jq -e '.schema == "entrybench-run/1" and .seed == 9 and .options.windows == 30 and .options.qemu_args == ["-cpu", "fake"]' "$T/out/run.json"
	jq -e '.command[0] == "entrybench" and (.command | index("-n")) != null' "$T/out/run.json"
	jq -e '.machines[0] | .name == "tcg" and .available and .cpu == "Fake CPU" and .features == "smep,smap"' "$T/out/run.json"
	jq -e '.cells[0].boots[0] | .window.n == 30 and .window.p50 == 144 and .controls.empty_window == 6' "$T/out/run.json"
	jq -e '.host.cpu and .host.kernel and .tool.version' "$T/out/run.json"
}

@test "unsafe variants are marked" {
	bench_run -V delta -B one -b 1
	jq -e '.cells[0] | .safe == false and (.flags | map(.name) | index("unsafe")) != null' "$T/out/run.json"
}

@test "the progress bar is for terminals" {
	"$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -V alpha -b 1 -o "$T/out" 2>"$T/stderr" >/dev/null
	lacks "$T/stderr" $'\r'
	command -v script >/dev/null || skip "no script(1)"
	script -qec "'$ENTRYBENCH' run --manifest '$T/manifest.json' -m tcg -V alpha -b 1 -o '$T/out2'" /dev/null >"$T/terminal" </dev/null
	grep -q '1 of 1 boots' "$T/terminal"
	script -qec "'$ENTRYBENCH' run -q --manifest '$T/manifest.json' -m tcg -V alpha -b 1 -o '$T/out3'" /dev/null >"$T/terminal" </dev/null
	lacks "$T/terminal" 'boots,'
}

@test "the progress bar is one line at any width" {
	command -v script >/dev/null || skip "no script(1)"
	for width in 20 40 60 200; do
		FAKE_SLEEP_MS=150 script -qec "stty cols $width; exec '$ENTRYBENCH' run --manifest '$T/manifest.json' -m tcg -b 3 -j 1 -o '$T/out$width'" /dev/null >"$T/terminal" </dev/null
		# The longest text between two returns to the line's start, before the results.
		tr '\r' '\n' <"$T/terminal" | sed 's/\x1b\[K//g' | grep 'of [0-9]* boots' >"$T/bars"
		[ "$(wc -L <"$T/bars")" -lt "$width" ]
		[ "$(wc -L <"$T/bars")" -ge $((width < 60 ? width - 12 : 45)) ]
	done
}

@test "a machine that is asked for and gives nothing: said, status 1" {
	EB_BOCHS=$T/none bench_run -m bochs -V alpha -B one -b 1
	exits 1
	says "no results from bochs: $T/none is not there"
	# Where it has results nothing is said.
	rm -r "$T/out"
	bench_run -m tcg,tcg -V alpha,gamma -B one -b 1
	exits 0
	[[ $output != *"no results"* ]]
}

@test "a reader that has seen enough ends the tool in silence" {
	for _ in $(seq 300); do
		echo '{"name": "b'$RANDOM'", "program": "bench/one", "params": [], "classes": ["silicon"], "about": "'"$(printf '%0200d' 0)"'"}'
	done >"$T/more"
	jq --slurpfile more "$T/more" '.benchmarks += $more' "$T/manifest.json" >"$T/long.json"
	[ "$("$ENTRYBENCH" list --manifest "$T/long.json" | wc -c)" -gt 70000 ]
	set -o pipefail
	"$ENTRYBENCH" list --manifest "$T/long.json" 2>"$T/stderr" | head -n 1 >/dev/null
	[ ! -s "$T/stderr" ]
}

@test "two kernel lines or variants never share a file" {
	jq '.variants += [(",", "_", ";") as $q | .variants[0] + {"name": "q=\($q)", "image": "q=\($q).elf"}]' \
		"$T/manifest.json" >"$T/names.json"
	touch "$T/q=,.elf" "$T/q=_.elf" "$T/q=;.elf"
	run "$ENTRYBENCH" run --manifest "$T/names.json" -m tcg -o "$T/out" -q -V 'q=*' -B one -b 1
	exits 0
	[ "$(jq -r '.cells[].boots[].samples' "$T/out/run.json" | sort -u | wc -l)" -eq 3 ]
	jq -r '.cells[].boots[] | .samples, .log' "$T/out/run.json" | while read -r file; do
		[ -s "$T/out/$file" ]
	done
}

@test "NO_COLOR keeps tables plain on a terminal" {
	command -v script >/dev/null || skip "no script(1)"
	script -qec "NO_COLOR=1 '$ENTRYBENCH' list --manifest '$T/manifest.json'" /dev/null >"$T/plain" </dev/null
	lacks "$T/plain" $'\033'
	script -qec "'$ENTRYBENCH' list --manifest '$T/manifest.json'" /dev/null >"$T/bold" </dev/null
	grep -q $'\033' "$T/bold"
}

@test "report and export work on a results folder" {
	bench_run -V alpha -V beta -b 2
	run "$ENTRYBENCH" export "$T/out" --format csv
	exits 0
	[ "$(grep -c '^tcg,' <<<"$output")" -eq 6 ]
	"$ENTRYBENCH" export "$T/out" --format json | jq -e . >/dev/null
	command -v gnuplot >/dev/null || skip "no gnuplot"
	run "$ENTRYBENCH" report "$T/out"
	exits 0
	[ -s "$T/out/summary.csv" ]
	says alpha
}
