#!/usr/bin/env bats
# Machine linux: what cannot be meant is refused with one line, without a boot.
# Needs ENTRYBENCH, the program.

# refused STATUS TEXT ARGUMENT...
refused() {
	local status_wanted=$1 text=$2
	shift 2
	run "$ENTRYBENCH" "$@"
	[ "$status" -eq "$status_wanted" ] || { echo "$* ended with $status: $output" && return 1; }
	[ "${#lines[@]}" -eq 1 ] || { echo "$*: $output" && return 1; }
	[[ $output == *"$text"* ]] || { echo "$*: $output" && return 1; }
}

@test "words that do not go together" {
	refused 2 "go with -m linux" run --append pti=on
	refused 2 "go with -m linux" run -m tcg --linux /dev/null
	refused 2 "/nowhere/vmlinuz" run -m linux --linux /nowhere/vmlinuz
	refused 2 "no name" run -m linux --linux /dev/null=
	refused 2 "no name" run -m linux --linux /dev/null=a/b
	refused 2 'two variants would be called "default"' run -m linux --linux /dev/null --linux /dev/zero
	refused 2 "no variant \"nosuch\"" run -m linux:nosuch
	refused 2 "no machine" run -m nosuch:default
	refused 2 "say linux:pti=on" bill pti=on
	refused 2 "does not run the core's variant" bill linux:sysret
	refused 2 "only machines tcg and linux" bill kvm:sysret
}

@test "the kernel lines become variants" {
	run "$ENTRYBENCH" list --json
	[ "$(jq -r '[.variants[] | select(.machine == "linux") | .name] | join(" ")' <<<"$output")" = \
		"default pti=on pti=off mitigations=off" ]
}

@test "a kernel that is not there is named with the cure" {
	for part in manifest.json bench kernels; do
		ln -s "$(dirname "$ENTRYBENCH")/$part" "$BATS_TEST_TMPDIR/$part"
	done
	run "$ENTRYBENCH" run -m linux --manifest "$BATS_TEST_TMPDIR/manifest.json" -o "$BATS_TEST_TMPDIR/out"
	[ "$status" -eq 77 ]
	[[ $output == *"$BATS_TEST_TMPDIR/linux/vmlinuz: tools/setup --linux"* ]]
	[ ! -e "$BATS_TEST_TMPDIR/out" ]
}
