# Debian's cloud kernels for machine `linux`: found by apt, downloaded, unpacked, never installed. Needs common.sh.
# shellcheck shell=bash

kernel_package="linux-image-cloud-amd64"
kernel_modules=(virt/lib/irqbypass arch/x86/kvm/kvm arch/x86/kvm/kvm-amd)
# Where a kernel that is asked for by its version may be.
# shellcheck disable=SC2034 # tools/setup uses it
suites=(bullseye bookworm bookworm-backports trixie trixie-backports sid)
apt_options=() # what gives apt lists of its own; empty: the host's

# Prints NAME=VERSION of those packages that PACKAGE[=VERSION] depends on and whose files we want: the image; since 7.x that is
# empty itself and depends on the file vmlinuz (binary) and on the configuration (base).
kernel_parts() {
	apt-cache "${apt_options[@]}" show --no-all-versions "$1" 2>/dev/null | sed -n 's/^Depends: //p' | tr ',' '\n' |
		sed -n 's/^ *\(linux-\(image\|binary\|base\)-[0-9][^ ]*\) (= \([^)]*\)).*/\1=\3/p'
}

# The newest version of the meta package that is of kernel VERSION, in whatever suite.
newest_of() {
	apt-cache "${apt_options[@]}" madison "$kernel_package" 2>/dev/null | awk '{ print $3 }' |
		while read -r version; do
			case $version in
			"$1" | "$1".* | "$1"-*) printf '%s\n' "$version" ;;
			esac
		done | sort -rV | head -n 1
}

# The addresses of Debian's archive, as the host's own sources name it.
mirror() {
	# shellcheck disable=SC2016 # apt's variables
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null | head -n 1 || true
}

# own_lists SUITE...: sets apt_options to a state in this folder that knows these suites only, and fetches their lists.
own_lists() {
	local from suite
	from=$(mirror)
	if [ -z "$from" ]; then
		update_lists
		from=$(mirror)
	fi
	[ -n "$from" ] || die "apt's sources name no archive of Debian's"
	mkdir -p apt/lists/partial apt/cache/archives/partial
	for suite; do
		echo "deb [arch=amd64] $from $suite main"
	done >apt/sources.list
	apt_options=(-o "Dir::State=$PWD/apt" -o "Dir::State::status=/dev/null" -o "Dir::Cache=$PWD/apt/cache"
		-o "Dir::Etc::sourcelist=$PWD/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
		-o Acquire::Languages=none)
	if [ "$(id -u)" -eq 0 ]; then
		# apt would fetch as the user _apt, who may not be able to write here.
		apt_options+=(-o APT::Sandbox::User=root)
	fi
	say "fetching the package lists of $* from Debian's archive"
	# A suite that has left the archive is no reason to go without the others.
	logged apt-get -q "${apt_options[@]}" update || say "not all of these suites could be read: see above"
}

# download_kernel META[=VERSION]: the packages of that kernel into this folder.
download_kernel() {
	local image part parts
	image=$(kernel_parts "$1" | grep '^linux-image-' | head -n 1) || true
	[ -n "$image" ] || return 1
	mapfile -t parts < <(kernel_parts "$image")
	say "downloading ${image%%=*}"
	for part in "$image" "${parts[@]}"; do
		logged apt-get -q "${apt_options[@]}" download "$part" || return 1
	done
}

# first_of FILE...: the first that is there.
first_of() {
	local file
	for file; do
		[ ! -f "$file" ] || { printf '%s\n' "$file" && return; }
	done
	die "the packages hold none of: $*"
}

# Runs in the folder that the packages are in; leaves new/ there. Modules only where they lie in the image's own package.
unpack_kernel() {
	local deb part module file
	for deb in ./*.deb; do
		dpkg-deb -x "$deb" tree || die "cannot unpack $deb"
	done
	mkdir new
	for part in vmlinuz config; do
		file=$(first_of tree/boot/"$part"-* tree/usr/lib/modules/*/"$part")
		mv "$file" "new/$part"
	done
	dpkg-deb -f ./linux-image-*.deb Package Version >new/version
	for module in "${kernel_modules[@]}"; do
		file=$(find tree -path "*/$module.ko" -print -quit)
		[ -z "$file" ] || install -D -m 644 -t new/modules "$file"
	done
}
