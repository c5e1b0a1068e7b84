#!/usr/bin/env bats
# Machine linux: a stock kernel runs the same programs, and its bill sums as well.
# Needs ENTRYBENCH, the program, and VMLINUZ, a kernel.

setup() {
	[ -r "$VMLINUZ" ] || skip "no kernel $VMLINUZ: tools/setup --linux gets it"
}

setup_file() {
	[ -r "$VMLINUZ" ] || return 0
	export RUN=$BATS_FILE_TMPDIR/run
	"$ENTRYBENCH" run -q -m linux:pti=on --linux "$VMLINUZ" -B null_syscall -B enosys -b 2 -o "$RUN" >/dev/null
}

cell() {
	jq -r ".cells[] | select(.bench == \"$1\") | $2" "$RUN/run.json"
}

@test "a stock kernel runs the programs, and two boots agree" {
	for bench in null_syscall enosys; do
		[ "$(cell "$bench" '[.machine, .variant, .class, .unit, .status] | join(" ")')" = \
			"linux pti=on deterministic instructions ok" ]
		[ "$(cell "$bench" '.boots | length')" = 2 ]
		[ "$(cell "$bench" '.boots | map(.round_trip) | unique | length')" = 1 ]
	done
}

@test "a system call that does nothing costs less than getppid" {
	[ "$(cell enosys '.boots[0].round_trip < 300')" = true ]
	[ "$(jq '[.cells[].boots[0].round_trip] | .[1] < .[0]' "$RUN/run.json")" = true ]
}

@test "the bill of a stock kernel sums, function by function" {
	"$ENTRYBENCH" bill linux:pti=on --linux "$VMLINUZ" --json >"$RUN/bill.json"
	total=$(jq .total "$RUN/bill.json")
	[ "$total" = "$(cell null_syscall '.boots[0].round_trip | floor')" ]
	[ "$total" = "$(jq '[.lines[].count] | add' "$RUN/bill.json")" ]
	for symbol in entry_SYSCALL_64 do_syscall_64 __x64_sys_getppid syscall_exit_to_user_mode; do
		jq -e --arg symbol "$symbol" '.lines[] | select(.symbol == $symbol) | .count > 0' "$RUN/bill.json"
	done
	# Page-table isolation moves CR3 on the way in and on the way out.
	[ "$(jq '.special["MOV to CR3"]' "$RUN/bill.json")" = 2 ]
}

@test "a run of a named kernel can be resumed" {
	jq '.cells[].boots |= .[:1] | .finished = ""' "$RUN/run.json" >"$RUN/cut.json"
	mv "$RUN/cut.json" "$RUN/run.json"
	"$ENTRYBENCH" run -q --resume "$RUN" >/dev/null
	[ "$(cell enosys '.boots | length')" = 2 ]
	[ "$(cell enosys '.boots | map(.round_trip) | unique | length')" = 1 ]
}
