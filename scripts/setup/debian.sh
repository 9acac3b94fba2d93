# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# debian.sh - packages of Debian's archive, fetched and unpacked without root and
# without a change to the machine. Sourced after lib.sh.

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# mirror - the URI of the Debian archive that this machine's sources name.
mirror()
{
	local codename

	codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
	# shellcheck disable=SC2016 # apt fills these in, not the shell
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
		awk -v c="$codename" '$2 == c && $3 == "main" && $1 !~ /^cdrom:/ && !n++ { print $1 }'
}

# need_archive URI - there is one, and keys to check it with.
need_archive()
{
	[[ -n $1 ]] || die "this machine's apt sources name no Debian mirror"
	[[ -r $KEYRING ]] || die "$KEYRING is missing: install debian-archive-keyring"
}

# write_apt_conf DIR URI RELEASE ARCH - an apt that lives in DIR and knows only that
# release, for that architecture.
write_apt_conf()
{
	local dir=$1 uri=$2 release=$3 arch=$4

	mkdir -p "$dir"/{state/lists/partial,cache/archives/partial,etc/parts}
	# Nothing is installed as far as this apt knows, so it fetches every
	# library down to the C library and its loader.
	: >"$dir/state/status"
	printf 'deb [arch=%s signed-by=%s] %s %s main\n' "$arch" "$KEYRING" "$uri" "$release" \
		>"$dir/etc/sources.list"
	cat >"$dir/apt.conf" <<-END
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear DPkg::Pre-Invoke;
		#clear DPkg::Post-Invoke;
		#clear DPkg::Pre-Install-Pkgs;
		#clear APT::Architectures;
		APT::Architecture "$arch";
		APT::Architectures { "$arch"; };
		APT::Install-Recommends "false";
		APT::Install-Suggests "false";
		APT::Get::AllowUnauthenticated "false";
		APT::Sandbox::User "$(id -un)";
		Acquire::AllowInsecureRepositories "false";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Binary::apt-get::APT::Keep-Downloaded-Packages "true";
		APT::Keep-Downloaded-Packages "true";
		Debug::NoLocking "true";
		Dir::State "$dir/state";
		Dir::State::status "$dir/state/status";
		Dir::State::extended_states "$dir/state/extended_states";
		Dir::Cache "$dir/cache";
		Dir::Etc::sourcelist "$dir/etc/sources.list";
		Dir::Etc::sourceparts "$dir/etc/parts";
		Dir::Etc::preferences "$dir/etc/preferences";
		Dir::Etc::preferencesparts "$dir/etc/parts";
	END
}

# unpack_debs DEBS ROOT - every package into ROOT, bar what no guest needs.
unpack_debs()
{
	local debs=$1 root=$2 deb

	mkdir -p "$root"
	for deb in "$debs"/*.deb; do
		printf '%s\n' "${deb##*/}"
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x -C "$root" --no-same-owner \
				--exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' \
				--exclude='./usr/share/locale/*' --exclude='./usr/share/icons/*'
	done
}

# remove_stale DIR - directories left there by runs that no longer exist.
remove_stale()
{
	local dir

	for dir in "$1"/.new-*; do
		[[ -d $dir ]] || continue
		kill -0 "${dir##*-}" 2>/dev/null || rm -rf -- "$dir"
	done
}

# clean_up - stop what run_logged left in the background, then sweep.
clean_up()
{
	local pids

	pids=$(jobs -p)
	# shellcheck disable=SC2086 # one word a process
	[[ -z $pids ]] || kill $pids 2>/dev/null || true
	wait
	rm -rf -- "$TMP"
}

# scratch_in DIR - sets TMP, a directory there which is gone when we end.
scratch_in()
{
	mkdir -p -- "$1" || die "cannot make $1"
	remove_stale "$1"
	# The process id at the end says whose it is; see remove_stale.
	TMP=$1/.new-$$
	mkdir -- "$TMP"
	trap 'clean_up' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
}
