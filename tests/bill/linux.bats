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
	"$ENTRYBENCH" bill linux:pti=on --linux "$VMLINUZ" --json --plot "$RUN/plot" >"$RUN/bill.json"
	# Without phases the waterfall is by function.
	grep -q __x64_sys_getppid "$RUN/plot/plots/waterfall-linux-pti=on-null_syscall.svg"
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

@test "a kernel that names no symbols has a bill without names, and it is said" {
	local build
	build=$(dirname "$ENTRYBENCH")
	mkdir "$BATS_TEST_TMPDIR/build" "$BATS_TEST_TMPDIR/build/bench"
	ln -s "$build"/{kernels,libledger.so} "$BATS_TEST_TMPDIR/build"
	ln -s "$build"/bench/* "$BATS_TEST_TMPDIR/build/bench"
	rm "$BATS_TEST_TMPDIR/build/bench/init"
	sed 's,/proc/kallsyms,/proc/nosuchxx,' "$build/bench/init" >"$BATS_TEST_TMPDIR/build/bench/init"
	cp "$build/manifest.json" "$BATS_TEST_TMPDIR/build"
	"$ENTRYBENCH" bill linux:pti=on --linux "$VMLINUZ" --manifest "$BATS_TEST_TMPDIR/build/manifest.json" \
		--json >"$RUN/nameless.json" 2>"$RUN/warning"
	[ "$(cat "$RUN/warning")" = "entrybench: linux:pti=on sent no symbols (is CONFIG_KALLSYMS off?), so its functions have no names" ]
	[ "$(jq -c '[.lines[] | [.symbol, .count]]' "$RUN/nameless.json")" = \
		"[[\"syscall\",1],[\"[unknown]\",$(($(jq .total "$RUN/bill.json") - 1))]]" ]
}
