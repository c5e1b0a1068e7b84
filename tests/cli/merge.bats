# Shards of a run, and what merge makes of them.

load common

# shard I/N ARGUMENT...: that part of a run on a real machine, into $T/I.
shard() {
	run env -u ENTRYBENCH_QEMU "$ENTRYBENCH" run -q --seed 5 --shard "$1" -o "$T/${1%/*}" "${@:2}"
	[ "$status" -eq 0 ] || { echo "shard $1: $status: $output" && return 1; }
}

# Three shards with made-up guests.
three_shards() {
	for i in 1 2 3; do
		run "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -q --seed 5 -b 2 --shard "$i/3" -o "$T/$i"
		exits 0
	done
}

merge() {
	run "$ENTRYBENCH" merge -o "$T/out" "$@"
}

# edit DIR FILTER: changes its run.json.
edit() {
	jq "$2" "$T/$1/run.json" >"$T/edited" && mv "$T/edited" "$T/$1/run.json"
}

# refuses TEXT: merging the three shards does, and writes nothing that looks like a run.
refuses() {
	merge "$T/1" "$T/2" "$T/3"
	exits 2
	says "$1"
	[ ! -e "$T/out/run.json" ]
}

# All that was measured, with the samples themselves in place of their files' names.
measured() {
	jq -S 'del(.cells[].boots[] | .log, .samples) | [.cells, .seed, .reference, .options, .machines]' "$1/run.json"
	jq -r '.cells[].boots[].samples' "$1/run.json" | while read -r file; do
		cat "$1/$file" || echo "no $file"
	done
}

@test "shards of a run on tcg, merged, are the whole run to the digit" {
	arguments=(-m tcg -V iret -V sysret -B null_syscall -B enosys -B page_fault)
	run env -u ENTRYBENCH_QEMU "$ENTRYBENCH" run -q --seed 5 -o "$T/whole" "${arguments[@]}"
	exits 0
	for i in 1 2 3; do
		shard "$i/3" "${arguments[@]}"
		jq -e '[.cells[] | select(.status == "ok")] | length == 2 or length == 3' "$T/$i/run.json"
	done
	# The first one alone lists the cells of the others, too.
	jq -e '[.cells[] | select(.reason == "in another shard of this run")] | length >= 5' "$T/1/run.json"
	jq -e '[.cells[] | select(.status != "ok")] == []' "$T/2/run.json"
	# In another order than they were made.
	merge "$T/2" "$T/1" "$T/3"
	exits 0
	says "8 cells of 3 runs"
	diff <(measured "$T/whole") <(measured "$T/out")
	$VALIDATE "$T/out/run.json"
	# The logs came along.
	while read -r log; do
		[ -s "$T/out/$log" ]
	done < <(jq -r '.cells[].boots[].log' "$T/out/run.json")
	run "$ENTRYBENCH" compare "$T/whole" "$T/out"
	exits 0
}

@test "on silicon each shard has its boots; cells of two CPUs stay two rows" {
	for i in 1 2; do
		shard "$i/2" -m native -B null_syscall -b 4 -n 100
	done
	jq -e '.cells[0].boots | map(.boot) == [0, 2]' "$T/1/run.json"
	jq -e '.cells[0].boots | map(.boot) == [1, 3]' "$T/2/run.json"
	merge "$T/1" "$T/2"
	exits 0
	jq -e '.cells | length == 1 and (.[0].boots | map(.boot) == [0, 1, 2, 3]) and .[0].machine == "native"' "$T/out/run.json"
	jq -e '.finished != "" and .host.tsc_hz > 0' "$T/out/run.json"
	rm -r "$T/out"
	edit 2 '.machines[0].cpu = "Another CPU" | .host.tsc_hz *= 2'
	merge "$T/1" "$T/2"
	exits 0
	says "2 cells of 2 runs in $T/out; 2 lack boots"
	jq -e '.cells[1].machine == "native@Another CPU" and (.cells | map(.boots | length) == [2, 2])' "$T/out/run.json"
	jq -e '.host.tsc_hz == null and .finished == ""' "$T/out/run.json"
}

@test "a shard that is missing is done by --resume" {
	three_shards
	merge "$T/1" "$T/3"
	exits 0
	says "lack boots: entrybench run --resume $T/out"
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" -q --resume "$T/out"
	exits 0
	jq -e '[.cells[] | select(.boots_wanted > 0) | .boots | length == 2] | all' "$T/out/run.json"
}

@test "cells of a machine that the list of machines has not keep its name" {
	three_shards
	edit 2 '.machines = []'
	merge "$T/1" "$T/2" "$T/3"
	exits 0
	jq -e '[.cells[].machine] | unique == ["tcg"]' "$T/out/run.json"
}

@test "what does not fit is refused, and the reason said" {
	three_shards
	merge "$T/1" "$T/2" "$T/2"
	exits 2
	says "boot 0 of tcg, "
	says "is in $T/2 and in an earlier one"
	[ ! -e "$T/out" ]
	cp -r "$T/2" "$T/kept"
	while read -r filter; do
		read -r reason
		edit 2 "$filter"
		refuses "$reason"
		[ ! -e "$T/out" ]
		rm -r "$T/2"
		cp -r "$T/kept" "$T/2"
	done <<-'END'
		.tool.version = "0.0.9"
		run both with one
		.tool.git = "0123456789ab"
		run both with one
		.seed = 6
		they differ in "seed"
		.options.benchmarks = ["one"]
		they differ in "benchmarks"
		.options.shard = "2/4"
		of so many parts must all be, or none
		.cells[0].boots_wanted = 3
		was to have 3 boots in
		.groups[-1].made_with |= with_entries(if .key | startswith("program ") then .value |= sub("^."; "z") else . end)
		were made with different files: program
		.schema = "entrybench-run/2"
		entrybench-run/2
	END
	merge "$T/1" "$T/2" "$T/3"
	exits 0
	merge "$T/1" "$T/2" "$T/3"
	exits 2
	says "holds a run already"
}

@test "--shard wants numbers and a seed" {
	for bad in 0/2 3/2 1 1/2/3 x/2 1/0; do
		bench_run --seed 1 --shard "$bad"
		exits 2
		says "--shard I/N: give numbers"
	done
	bench_run --shard 1/2
	exits 2
	says "--shard goes with --seed"
	run "$ENTRYBENCH" merge "$T"
	exits 2
	says "usage: entrybench merge"
}
