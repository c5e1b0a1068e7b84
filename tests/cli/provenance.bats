# What a run was made with: boots of two tools, emulators, kernels or programs never go into one estimate.

load common

resume() {
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" --resume "$T/out" -q "$@"
}

# A run with a boot that is still to be done, so that each --resume has something to do.
half_done() {
	FAKE_GUEST=crash@beta bench_run -V alpha -V beta -b 2
	exits 1
}

# refuses WHAT: --resume names it, and changes nothing
refuses() {
	before=$(cat "$T/out/run.json")
	resume
	exits 2
	says "$1"
	says "with --force a new group of boots"
	[ "$(cat "$T/out/run.json")" = "$before" ]
}

made_with() {
	jq -r --arg name "$1" '.groups[-1].made_with[$name]' "$T/out/run.json"
}

@test "run.json holds tool, host, emulator, kernels and programs, files by their SHA-256" {
	bench_run -V alpha -b 1
	exits 0
	[ "$(made_with entrybench)" = "$("$ENTRYBENCH" --version | sed 's/^entrybench //; s/[()]//g')" ]
	[ "$(made_with "host kernel")" = "Linux $(uname -r)" ]
	[ -n "$(made_with "host CPU")" ]
	[ "$(made_with qemu-system-x86_64)" = "fake guest 1, $(sha256sum <"$FAKE_GUEST_PROGRAM" | cut -d' ' -f1)" ]
	[ "$(made_with "kernel alpha")" = "$(sha256sum <"$T/alpha.elf" | cut -d' ' -f1)" ]
	[ "$(made_with "program sweep")" = "$(sha256sum <"$T/bench/sweep" | cut -d' ' -f1)" ]
	[ "$(made_with "kernel beta")" = null ]
	$VALIDATE "$T/out/run.json"
}

@test "--resume goes on where nothing differs" {
	half_done
	resume
	exits 0
	[ "$(jq '.groups | length' "$T/out/run.json")" -eq 1 ]
}

@test "--resume refuses another kernel, program, emulator or tool, and names it" {
	half_done
	cp "$T/out/run.json" "$T/saved"
	echo x >>"$T/beta.elf"
	refuses "kernel beta is another file now"
	: >"$T/beta.elf"
	echo x >>"$T/bench/one"
	refuses "program one is another file now"
	echo "program one" >"$T/bench/one"
	FAKE_VERSION="fake guest 2" refuses "qemu-system-x86_64 was fake guest 1, "
	jq '.groups[0].made_with["host CPU"] = "another"' "$T/saved" >"$T/out/run.json"
	refuses "host CPU was another and is "
	jq '.groups[0].made_with.entrybench = "0.0.1 abc"' "$T/saved" >"$T/out/run.json"
	refuses "entrybench was 0.0.1 abc and is "
	jq 'del(.groups)' "$T/saved" >"$T/out/run.json"
	refuses "entrybench is not known of its boots"
}

@test "--resume refuses a program of the user's that has changed" {
	cp "$T/bench/one" "$T/mine"
	cp "$FAKE_GUEST_PROGRAM" "$T/mine"
	run "$ENTRYBENCH" run --manifest "$T/manifest.json" -m tcg -V alpha -o "$T/out" -q --program "$T/mine"
	exits 0
	[ "$(made_with "program program")" = "$(sha256sum <"$T/mine" | cut -d' ' -f1)" ]
	printf x >>"$T/mine"
	refuses "program program is another file now"
}

@test "--force starts a new group: earlier boots are kept, and in no estimate" {
	bench_run -V alpha -b 2
	exits 0
	echo x >>"$T/alpha.elf"
	refuses "kernel alpha is another file now"
	resume --force
	exits 0
	jq -e '[.cells[] | [.boots[].boot] == [2, 3] and [.earlier[].boot] == [0, 1] and .summary.boots_used == 2] | all' \
		"$T/out/run.json"
	[ "$(jq -c '[.groups[].first_boot]' "$T/out/run.json")" = "[0,2]" ]
	[ "$(find "$T/out/samples" -type f | wc -l)" -eq 12 ]
	$VALIDATE "$T/out/run.json"
	# Nothing is left to do, and a boot of an earlier group changes no figure.
	resume
	exits 0
	jq '.cells[].earlier[].round_trip = 1' "$T/out/run.json" >"$T/changed" && mkdir "$T/other" && mv "$T/changed" "$T/other/run.json"
	diff <("$ENTRYBENCH" export "$T/out") <("$ENTRYBENCH" export "$T/other")
}

@test "--force without --resume is a mistake" {
	run "$ENTRYBENCH" run --force
	exits 2
	says "--force goes with --resume"
}

@test "validate says what is wrong and where" {
	bench_run -V alpha -b 2
	exits 0
	for what in "$T/out" "$T/out/run.json"; do
		run "$ENTRYBENCH" validate "$what"
		exits 0
		says "$what: valid, 3 cells with 6 boots"
	done
	broken() {
		jq "$1" "$T/out/run.json" >"$T/broken.json"
		run "$ENTRYBENCH" validate "$T/broken.json"
		exits 1
		says "$T/broken.json: $2"
	}
	broken '.cells[1].boots[0].round_trip = "x"' "cells[1].boots[0].round_trip: Expected real"
	broken '.cells[1] = .cells[0]' "cells[1]: tcg, alpha, one is there twice"
	broken '.cells[2].boots[1].boot = 0' "cells[2]: boot 0 is there twice"
	broken '.machines[1] = .machines[0]' "machines[1]: tcg is there twice"
	# What a foreign file says does not reach the terminal as it is.
	broken '.cells[0].variant = "\u001b[31mred" | .cells[1] = .cells[0]' 'cells[1]: tcg, \x1b[31mred, one is there twice'
	broken '.cells[0].class = "gold"' "cells[0].class: must be silicon or deterministic"
	broken '.schema = "x"' "no entrybench-run/1 file"
	sed 's/"seed"/"started"/' "$T/out/run.json" >"$T/broken.json"
	run "$ENTRYBENCH" validate "$T/broken.json"
	exits 1
	says "duplicate object key"
	echo '{"number": 7}' >"$T/out/run.journal"
	run "$ENTRYBENCH" validate "$T/out/run.journal"
	exits 1
	says "$T/out/run.journal: line 1"
	run "$ENTRYBENCH" validate
	exits 2
}

@test "a FIFO or a device is refused at once" {
	mkfifo "$T/fifo"
	mkdir "$T/device" && ln -s /dev/zero "$T/device/run.json"
	for what in "$T/fifo" "$T/device"; do
		run timeout 5 "$ENTRYBENCH" validate "$what"
		exits 1
		says "it is no regular file"
	done
	run timeout 5 "$ENTRYBENCH" report "$T/device"
	exits 2
	says "it is no regular file"
}
