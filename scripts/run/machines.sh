# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# machines.sh - the machines that guests run on: a file each in scripts/run/machines.
# Sourced after lib.sh. A file has MACHINE_TEXT, MACHINE_CPU, machine_args and
# machine_cmdline, and those functions of machine-defaults.sh that are different for
# it. A line "# auto: N" says when it is tried if the machine is left to be chosen.

VB_MACHINES=$VB_TOP/scripts/run/machines

# machine_names - every machine there is.
machine_names()
{
	local file

	for file in "$VB_MACHINES"/*.sh; do
		file=${file##*/}
		printf '%s\n' "${file%.sh}"
	done
}

# auto_machines - those that may be chosen, in the order in which they are tried.
auto_machines()
{
	grep -H '^# auto: ' "$VB_MACHINES"/*.sh | sort -t: -k3n |
		sed 's,^.*/\([^/]*\)\.sh:.*,\1,'
}

# has_machine NAME - is there a file of it?
has_machine()
{
	[[ $1 =~ ^[a-z]+$ && -r $VB_MACHINES/$1.sh ]]
}

# load_machine NAME - its functions, and the usual ones that it does not have.
load_machine()
{
	# shellcheck source=scripts/run/machine-defaults.sh
	. "$VB_TOP/scripts/run/machine-defaults.sh"
	# shellcheck source=/dev/null
	. "$VB_MACHINES/$1.sh"
}

# host_json - the host as far as times in real time depend on it.
host_json()
{
	local model

	model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | sed -n 1p)
	jq -n --arg cpu "${model:-unknown}" --argjson cpus "$(nproc)" --arg kernel "$(uname -r)" \
		'{ cpu: $cpu, cpus: $cpus, kernel: $kernel }'
}

# usable NAME - does the host have it? 1, and why not, when it has not.
usable()
{
	(load_machine "$1" && machine_usable)
}

# choose_machine - the first of those that may be chosen which the host has.
choose_machine()
{
	local name why rc

	for name in $(auto_machines); do
		rc=0
		why=$(usable "$name") || rc=$?
		case $rc in
		0)
			info "machine $name"
			printf '%s' "$name"
			return 0
			;;
		1) info "not $name: $why" ;;
		*) exit 2 ;;
		esac
	done
	die "this host has none of the machines $(auto_machines | paste -sd' ')"
}

# need_machine NAME - ends the script unless the host has it and our directories can be used.
need_machine()
{
	local why rc=0

	check_paths
	why=$(usable "$1") || rc=$?
	((rc != 1)) || die "--machine $1: $why"
	((rc == 0)) || exit 2
}

# warn_crowded CPUS - guests that have more CPUs than the host take turns. After
# load_machine.
warn_crowded()
{
	[[ -n $(machine_host) ]] && (($1 > $(nproc))) || return 0
	info "warning: $1 CPUs of the guest on $(nproc) of the host: times and lock waits show the host's scheduler"
}
