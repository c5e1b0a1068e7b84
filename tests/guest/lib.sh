# shellcheck shell=bash
# Boots kernel images for tests: an initrd of programs and a plan, the machine that can run the variant, its console.
# shellcheck disable=SC2154 # $build and $scratch are the caller's
# $cmdline (default: audit) is the kernel's command line, $timeout in seconds ends what hangs.
# Needs: $build (build folder), $scratch (a folder to write into).

# variant_fact VARIANT FILTER: what the manifest says of it.
variant_fact() {
	jq -er --arg name "$1" ".variants[] | select(.name == \$name) | $2" "$build/manifest.json"
}

# machine_of VARIANT: $GUEST_MACHINE, or the emulator that has all that it needs.
machine_of() {
	if [ -n "${GUEST_MACHINE-}" ]; then
		echo "$GUEST_MACHINE"
	elif [ "$(variant_fact "$1" '.needs | any(. == "pcid" or . == "fred" or . == "shstk")')" = true ]; then
		echo bochs
	else
		echo tcg
	fi
}

# make_initrd FILE FOLDER: a newc archive of the folder's files.
make_initrd() {
	(cd "$2" && find . -type f | sed 's,^\./,,' | sort | cpio --quiet -o -H newc) >"$1"
}

# boot_tcg IMAGE INITRD CONSOLE [QEMU ARGUMENT...]: exit status of QEMU (docs/architecture.md), 124 when it hung.
boot_tcg() {
	local image=$1 initrd=$2 console=$3
	shift 3
	timeout --foreground "${timeout:-60}" qemu-system-x86_64 -M microvm -accel tcg -icount shift=0,sleep=off -cpu "${GUEST_CPU:-max}" -m 128 \
		-nodefaults -no-user-config -display none -no-reboot -debugcon "file:$console" \
		-device isa-debug-exit,iobase=0xf4,iosize=4 -kernel "$image" -initrd "$initrd" -append "${cmdline-audit}" "$@"
}

# bochs_program: $EB_BOCHS, or the one on PATH.
bochs_program() {
	echo "${EB_BOCHS:-$(command -v bochs)}"
}

# bochs_knows PROGRAM OPTION
bochs_knows() {
	[[ $("$1" --help 2>&1 </dev/null) == *" $2 "* ]]
}

# skip_without_debugger: ends the test where it would give a Bochs orders that has no debugger.
skip_without_debugger() {
	bochs_knows "$(bochs_program)" -rc || { echo "SKIP: this Bochs has no debugger" && exit 77; }
}

# bochs_hardware PROGRAM: the lines of a bochsrc that depend on which Bochs it is. From 3.1 on there is a CPU with FRED, if that was
# compiled in; no plugin is to be named there, since one that is missing ends it.
bochs_hardware() {
	local share
	share=$(dirname "$(dirname "$(readlink -f "$1")")")/share/bochs
	if [[ $("$1" --help cpu 2>&1 </dev/null) == *wildcat_lake* ]]; then
		echo 'cpu: model=wildcat_lake, add_features=legacy_syscall_sysret, count=1, ips=1000000, reset_on_triple_fault=0'
		echo "vgaromimage: file=$share/VGABIOS-lgpl-latest.bin"
	else
		echo 'plugin_ctrl: speaker=0, parallel=0, gameport=0, extfpuirq=0'
		echo 'cpu: model=corei7_skylake_x, count=1, ips=1000000, reset_on_triple_fault=0'
		echo "vgaromimage: file=$share/VGABIOS-lgpl-latest"
	fi
	echo "romimage: file=$share/BIOS-bochs-latest"
}

# boot_bochs IMAGE INITRD CONSOLE: the same from a GRUB ISO; the status is that of the exit record. $orders: for the debugger, whose
# answers come out on the console as well. Without a debugger Bochs draws the screen as it goes, so the console is COM1.
boot_bochs() {
	local image=$1 initrd=$2 console=$3 folder program debugger='' port='com1: enabled=1, mode=file, dev='
	program=$(bochs_program)
	folder=$(mktemp -d "$scratch/bochs.XXXXXX")
	mkdir -p "$folder/iso/boot/grub"
	cp "$image" "$folder/iso/kernel"
	cp "$initrd" "$folder/iso/initrd"
	printf '%s\n' 'set timeout=0' "multiboot2 /kernel ${cmdline-audit}" 'module2 /initrd' 'set gfxpayload=text' boot >"$folder/iso/boot/grub/grub.cfg"
	grub-mkrescue -o "$folder/boot.iso" --install-modules='multiboot2 normal iso9660 biosdisk' --fonts= --locales= \
		--themes= -d /usr/lib/grub/i386-pc "$folder/iso" >"$folder/mkrescue.log" 2>&1 || {
		cat "$folder/mkrescue.log"
		return 1
	}
	printf '%s\n' "${orders:-c}" >"$folder/go"
	port+=$folder/serial
	if bochs_knows "$program" -rc; then
		debugger="-rc $folder/go"
		port='port_e9_hack: enabled=1'
		# before 3.0 it starts there anyway
		! bochs_knows "$program" -debugger || debugger+=' -debugger'
	fi
	cat >"$folder/bochsrc" <<-EOF
		config_interface: textconfig
		display_library: term
		$(bochs_hardware "$program")
		clock: sync=none, time0=1
		megs: 64
		$port
		ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
		ata0-master: type=cdrom, path=$folder/boot.iso, status=inserted
		boot: cdrom
		log: $folder/bochs.log
		panic: action=fatal
		error: action=report
		info: action=ignore
		debug: action=ignore
	EOF
	# the display wants a terminal; port 0xE9 comes out on it, among the screen's own control sequences
	TERM=vt100 timeout --foreground "${timeout:-100}" script -qefc "$program $debugger -q -f $folder/bochsrc" "$folder/screen" \
		</dev/null >/dev/null || true
	if [ -z "$debugger" ]; then
		cp "$folder/serial" "$console"
	else
		# what Bochs itself says stands before its first instruction and after a rule at the end
		sed -e '1,/^(0) \[0x0000fffffff0\]/d' -e '/^======/,$d' "$folder/screen" | tr -d '\r' >"$console"
	fi
	exit_status_of "$console"
}

# exit_status_of CONSOLE: QEMU's exit status for what the exit record says.
exit_status_of() {
	case $(grep -ao '@EB1 kernel [0-9]* exit .*' "$1" | grep -o ' status=[a-z]*' | tail -n 1) in
	' status=ok') return 33 ;;
	' status=failed') return 35 ;;
	' status=panic') return 37 ;;
	' status=unsupported') return 39 ;;
	esac
	return 124
}

# boot VARIANT INITRD CONSOLE: on whichever machine can.
boot() {
	"boot_$(machine_of "$1")" "$build/$(variant_fact "$1" .image)" "$2" "$3" </dev/null
}
