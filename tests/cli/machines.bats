# The host tool on real machines, with the images and programs of this build.

load common

# Not the made-up guest: QEMU and Bochs themselves.
machines_run() {
	unset ENTRYBENCH_QEMU
	run "$ENTRYBENCH" run -o "$T/out" -q "$@"
}

# The round trips of a machine, a line for each cell that is ok.
round_trips() {
	jq -r ".cells[] | select(.machine == \"$1\" and .status == \"ok\") | \"\(.variant) \(.bench) \(.summary.round_trip.estimate)\"" "$T/out/run.json" | sort
}

@test "tcg: every boot of every variant gives the same figures, pcid is skipped" {
	machines_run -m tcg -B null_syscall -B 'deep_syscall:4096' -b 2 --timeout 60
	exits 0
	[ "$(cells '.status == "ok"' | wc -l)" -ge 16 ]
	[ "$(cells '.status != "ok" and .status != "skipped"' | wc -l)" -eq 0 ]
	[ "$(cells '.variant == "sysret-kpti-pcid" and .status == "skipped"' | wc -l)" -eq 2 ]
	cells '.variant == "sysret-kpti-pcid"' | grep -q "needs pcid, which tcg lacks"
	jq -e '[.cells[] | select(.status == "ok") | .boots | map(.round_trip) | unique | length == 1] | all' "$T/out/run.json"
	jq -e '[.cells[] | select(.status == "ok") | .unit == "instructions"] | all' "$T/out/run.json"
	# Two instructions: the crossing itself.
	round_trips tcg | grep -qx 'floor null_syscall 2'
}

@test "bochs equals tcg exactly" {
	command -v bochs >/dev/null || skip "no bochs"
	machines_run -m tcg -m bochs -V iret -V sysret -V sysret-kpti-erase -B null_syscall -B enosys -B 'deep_syscall:1024' -b 1 --timeout 100
	exits 0
	[ "$(round_trips tcg | wc -l)" -eq 9 ]
	diff <(round_trips tcg) <(round_trips bochs)
	nothing_half_written
}

@test "bochs runs what needs PCID" {
	command -v bochs >/dev/null || skip "no bochs"
	machines_run -m bochs -V '*-pcid' -B null_syscall -b 1 --timeout 100
	exits 0
	[ "$(round_trips bochs | wc -l)" -ge 2 ]
}

@test "a Bochs that takes too long leaves nothing behind" {
	command -v bochs >/dev/null || skip "no bochs"
	machines_run -m bochs -V iret -B null_syscall -b 1 --timeout 0.2
	[ "$status" -eq 124 ] || [ "$status" -eq 77 ]
	nothing_half_written
	run pgrep -f "$T/tmp"
	exits 1
}

@test "a variant that is not for QEMU's arguments fails, and QEMU says why" {
	machines_run -m tcg -V iret -B null_syscall -b 1 -- -no-such-option
	exits 77
	says "invalid option"
}

@test "kvm works, or says why not" {
	machines_run -m kvm -V sysret -B null_syscall -b 1 --timeout 20
	[ "$status" -eq 0 ] || exits 77
	[ "$status" -eq 0 ] || says "nothing can run: kvm: "
}

@test "linux-kvm works, or says why not" {
	machines_run -m linux-kvm:pti=off -B null_syscall -b 1 --timeout 60
	[ "$status" -eq 0 ] || exits 77
	[ "$status" -eq 0 ] || says "nothing can run: linux-kvm: "
	[ "$status" -ne 0 ] || jq -e '.cells[0] | .variant == "pti=off" and .unit == "cycles"' "$T/out/run.json"
	machines_run -m linux-kvm -V sysret -B null_syscall --dry-run
	[ "$(grep -c "on linux-kvm" <<<"$output")" -eq 0 ]
}

@test "a whole boot of tcg takes a fraction of a second" {
	unset ENTRYBENCH_QEMU
	# CPU time of nine boots, the probe's and the tool itself: what a boot takes where no one else is busy.
	spent=$(
		TIMEFORMAT='%U %S'
		{ time "$ENTRYBENCH" run -q -m tcg -V sysret -B null_syscall -b 9 -j 1 -o "$T/out" >"$T/stdout" 2>&1; } 2>&1
	)
	[ "$(jq '.cells[0].boots | length' "$T/out/run.json")" -eq 9 ]
	echo "user and system time of ten boots: $spent"
	awk "BEGIN { split(\"$spent\", t); exit !((t[1] + t[2]) / 10 < 0.4) }"
}
