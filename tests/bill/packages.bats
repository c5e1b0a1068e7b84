#!/usr/bin/env bats
# entrybench bill --program on programs that Debian's packages make: the sum is the clock's, and two runs are equal to the digit.
# Needs ENTRYBENCH, the program, KERNELS, what to bill them on, PACKAGES, the folder of what the build made of the packages,
# BUSYBOX, and VMLINUZ, a kernel where one is stock.

setup() {
	dir=$BATS_TEST_TMPDIR
	stock=()
	if [[ $KERNELS == *linux:* ]]; then
		[ -r "$VMLINUZ" ] || skip "no kernel $VMLINUZ: tools/setup --linux gets it"
		stock=(--linux "$VMLINUZ")
	fi
}

# bills PACKAGE FILE [ARG]...: two bills of the program that the package makes, which must be one, each with the clock's sum, in
# $dir/bill
bills() {
	[ -x "$2" ] || skip "$2 is missing: apt-get install $1"
	for file in bill again; do
		# shellcheck disable=SC2086 # words
		"$ENTRYBENCH" bill $KERNELS "${stock[@]}" --timeout 400 --json --program "${@:2}" >"$dir/$file"
	done
	cmp "$dir/bill" "$dir/again"
	jq -e --argjson kernels "$(wc -w <<<"$KERNELS")" '(.bills | length) == $kernels and all(.bills[];
		.total == .ring3 + .kernel and ([.ways[].count] | add) == .total)' "$dir/bill"
}

@test "busybox sha256sum of a file" {
	bills busybox-static "$BUSYBOX" sha256sum program/busybox
	# it reads 4 KiB at a time
	jq -e --argjson size "$(stat -Lc %s "$BUSYBOX")" 'all(.bills[];
		any(.ways[]; .way == "read" and .crossings >= $size / 4096) and .ring3 > .total / 2)' "$dir/bill"
}

@test "SQLite INSERTs, each a transaction" {
	bills libsqlite3-dev "$PACKAGES/insert"
	jq -e 'all(.bills[]; any(.ways[]; .way == "pwrite64" and .crossings > 300)
		and any(.ways[]; .way == "fsync" and .crossings > 100))' "$dir/bill"
}

@test "timers of Go, and an end with status 5" {
	bills golang-go "$PACKAGES/timer.go"
	jq -e 'all(.bills[]; .exit_status == 5 and .idle > 25e6
		and any(.ways[]; .way == "epoll_pwait") and any(.ways[]; .way == "clone"))' "$dir/bill"
}
