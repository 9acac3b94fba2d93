# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# topology.sh - the sockets, L3 caches and NUMA nodes that a guest sees: those of the table
# of costs. Sourced by qemu-cmd.sh; speaks of CPUS, MEM, KERNEL and COSTS.

# shape - SOCKETS L3S CORES of this guest: CPUs fill an L3, then a socket. Without caches
# it is one socket with one L3.
shape()
{
	local cores l3s caches

	caches=$(caches_of "$COSTS")
	read -r cores l3s <<<"$caches"
	if ((cores == 0 || CPUS <= cores)); then
		printf '1 1 %s\n' "$CPUS"
	elif ((CPUS <= cores * l3s)); then
		printf '1 %s %s\n' $(((CPUS + cores - 1) / cores)) "$cores"
	else
		printf '%s %s %s\n' $(((CPUS + cores * l3s - 1) / (cores * l3s))) "$l3s" "$cores"
	fi
}

# nodes SOCKETS - NUMA nodes of this guest: a kernel that does not know of them would take
# memory from any, so it has one.
nodes()
{
	if grep -qsx CONFIG_NUMA=y "$KERNEL/config"; then
		printf '%s' "$1"
	else
		printf 1
	fi
}

# node_mb NODES - MiB of a NUMA node; the last has what is left.
node_mb()
{
	printf '%s' $((MEM / $1))
}

# topology_args - QEMU's options, one a line: CPUs, memory, and a NUMA node for each socket
# where there are several.
topology_args()
{
	local sockets l3s cores seats nodes shape i mb

	shape=$(shape)
	read -r sockets l3s cores <<<"$shape"
	seats=$((sockets * l3s * cores))
	printf -- '-smp cpus=%s,sockets=%s' "$CPUS" "$sockets"
	((l3s == 1)) || printf ',dies=%s' "$l3s"
	printf ',cores=%s,threads=1' "$cores"
	((seats == CPUS)) || printf ',maxcpus=%s' "$seats"
	printf '\n-m %s\n' "$MEM"
	nodes=$(nodes "$sockets")
	((nodes > 1)) || return 0
	mb=$(node_mb "$nodes")
	for ((i = 0; i < nodes; i++)); do
		((i < nodes - 1)) || mb=$((MEM - i * mb))
		printf -- '-object memory-backend-ram,id=node%s,size=%sM\n' "$i" "$mb"
		printf -- '-numa node,nodeid=%s,memdev=node%s\n' "$i" "$i"
	done
	for ((i = 0; i < nodes; i++)); do
		printf -- '-numa cpu,node-id=%s,socket-id=%s\n' "$i" "$i"
	done
}

# topology_cmdline - words for the kernel: seats that have no CPU are none to wait for.
topology_cmdline()
{
	local sockets l3s cores shape

	shape=$(shape)
	read -r sockets l3s cores <<<"$shape"
	((sockets * l3s * cores == CPUS)) || printf ' possible_cpus=%s' "$CPUS"
}

# topology_homes - arguments of the simulator: whose memory is where.
topology_homes()
{
	local sockets nodes shape

	shape=$(shape)
	read -r sockets _ <<<"$shape"
	nodes=$(nodes "$sockets")
	# The board has 3 GiB below 4 GiB where that is not all.
	((nodes == 1)) || printf ',nodes=%s,node-mb=%s,low-mb=3072' "$nodes" "$(node_mb "$nodes")"
}
