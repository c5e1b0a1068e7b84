# Machine metal: what `collect` makes of the boots that a stream holds, lacks, or has twice.

load common

# An image of two variants, two boots each. What GRUB's tool would pack is kept as $T/iso.
setup_image() {
	[ -d /usr/lib/grub/x86_64-efi ] || skip "grub-efi-amd64-bin is not installed"
	mkdir "$T/path"
	cat >"$T/path/grub-mkrescue" <<-'END'
		#!/bin/sh
		for folder; do :; done
		cp -r "$folder" "$ISO" && : >"$2"
	END
	chmod +x "$T/path/grub-mkrescue"
	ISO=$T/iso PATH=$T/path:$PATH "$ENTRYBENCH" image --manifest "$T/manifest.json" -o "$T/stick.img" \
		-V alpha,beta -B one,sweep:1 -b 2 -n 10 --seed 3 --wait 0
	plan=$(sha256sum "$T/stick.img.json" | head -c 8)
}

# boot K [PLAN]: what boot K of the image sends
boot() {
	local kernel
	kernel=$(sed -n 's,^multiboot2 /kernels/\([^ ]*\) .*,\1,p' "$T/iso/boots/$1.cfg")
	FAKE_BOOT=${2:-$plan}:$1/4 "$FAKE_GUEST_PROGRAM" -kernel "$T/iso/kernels/$kernel" -initrd "$T/iso/boots/$1" || true
}

# collect STATUS: the stream, into $T/out
collect() {
	run "$ENTRYBENCH" collect --manifest "$T/manifest.json" --image "$T/stick.img" -o "$T/out" "$T/stream"
	exits "$1"
	"$ENTRYBENCH" validate "$T/out"
}

# boots: for each cell how many of them are ok
boots() {
	jq -r '.cells[] | "\(.variant) \(.bench) \([.boots[] | select(.status == "ok")] | length) of \(.boots | length)"' \
		"$T/out/run.json" | sort
}

# The variant of boot K.
variant_of() {
	sed -n 's,^multiboot2 /kernels/\([a-z]*\)\.elf .*,\1,p' "$T/iso/boots/$1.cfg"
}

every_boot="alpha one 2 of 2
alpha sweep:1 2 of 2
beta one 2 of 2
beta sweep:1 2 of 2"

@test "collect: all boots, in any order, with other text between them" {
	setup_image
	for k in 2 0 3 1; do
		echo "GRUB, and what else a line carries"
		boot "$k"
	done >"$T/stream"
	collect 0
	diff <(boots) - <<<"$every_boot"
	[ "$(jq -r .finished "$T/out/run.json")" != "" ]
	[ "$(jq '.host.tsc_hz' "$T/out/run.json")" = 2000000000 ]
	lacks <(echo "$output") "boots are\|are not there"
}

@test "collect: boots of another plan are left out, and said so" {
	setup_image
	{
		boot 0
		boot 1 12345678
		boot 2
		boot 3
		boot 1
		boot 0 12345678
	} >"$T/stream"
	collect 0
	says "2 boots are of another plan, or their first record is damaged: left out"
	diff <(boots) - <<<"$every_boot"
}

@test "collect: a stream of nothing but another plan's boots is refused, and nothing is made" {
	setup_image
	boot 0 12345678 >"$T/stream"
	run "$ENTRYBENCH" collect --manifest "$T/manifest.json" --image "$T/stick.img" -o "$T/out" "$T/stream"
	exits 1
	says "holds no boot of this image, but some of another plan"
	[ ! -e "$T/out/run.json" ]
	: >"$T/stream"
	run "$ENTRYBENCH" collect --manifest "$T/manifest.json" --image "$T/stick.img" -o "$T/out" "$T/stream"
	exits 1
	says "holds no boot of this image"
}

@test "collect: a boot that is there twice counts once; the one that ended wins, whichever came first" {
	setup_image
	for k in 0 1 2 3; do
		boot "$k" >"$T/boot.$k"
	done
	# Cut off in the middle: the machine was switched off, and the boot run again.
	head -c 700 "$T/boot.1" >"$T/cut.1"
	echo >>"$T/cut.1"
	cat "$T/boot.0" "$T/cut.1" "$T/boot.1" "$T/boot.2" "$T/boot.2" "$T/boot.3" >"$T/stream"
	collect 0
	diff <(boots) - <<<"$every_boot"
	cp "$T/out/run.json" "$T/first"
	rm -r "$T/out"
	cat "$T/boot.0" "$T/boot.1" "$T/cut.1" "$T/boot.2" "$T/boot.3" >"$T/stream"
	collect 0
	diff <(jq .cells "$T/first") <(jq .cells "$T/out/run.json")
}

@test "collect: boots that are missing are counted, the rest is there, and a second stream completes it" {
	setup_image
	boot 0 >"$T/stream"
	boot 3 >>"$T/stream"
	collect 0
	says "2 boots of 4 are not there"
	[ "$(jq '[.cells[].boots[] | select(.status == "ok")] | length' "$T/out/run.json")" -eq 4 ]
	for k in 0 3; do
		jq -e --arg v "$(variant_of "$k")" '[.cells[] | select(.variant == $v) | .boots | length >= 1] | all' \
			"$T/out/run.json"
	done
	rm -r "$T/out"
	for k in 1 2; do
		boot "$k" >>"$T/stream"
	done
	collect 0
	diff <(boots) - <<<"$every_boot"
}

@test "collect: a boot that breaks off costs that boot, with the reason, and no other" {
	setup_image
	for k in 0 1 2 3; do
		boot "$k" >"$T/boot.$k"
	done
	head -c 700 "$T/boot.3" >"$T/cut.3"
	cat "$T/boot.0" "$T/boot.1" "$T/boot.2" "$T/cut.3" >"$T/stream"
	collect 1
	[ "$(jq '[.cells[].boots[] | select(.status == "ok")] | length' "$T/out/run.json")" -eq 6 ]
	jq -e '[.cells[].boots[] | select(.status != "ok") | .reason | startswith("kernel stream: it breaks off after record 0")]
		| length == 2 and all' "$T/out/run.json"
}
