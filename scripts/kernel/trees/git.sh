# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# git.sh - a commit of somebody's repository. One checkout for each repository,
# which git moves from commit to commit, so that only what changed is compiled
# again. It is a repository of its own that borrows the objects of the other, in
# which nothing is ever written: no worktree is registered there, no ref, no
# config. Sourced by subjects.sh; FROM is the repository's .git, AT is
# COMMIT TREE, with full hashes.

# our_git TREE ARGUMENT... - in our checkout; what the user has configured for git is
# for other repositories.
our_git()
{
	(
		# shellcheck disable=SC2046 # names of variables
		unset $(git rev-parse --local-env-vars)
		GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null \
			git -c gc.auto=0 -C "$@"
	)
}

# kind_tree FROM - where it is.
kind_tree()
{
	printf '%s/src/git-%s' "$VB_CACHE" "$(printf '%s' "$1" | sha256sum | cut -c1-12)"
}

# kind_content FROM AT - what is in it before patches.
kind_content()
{
	printf 'git tree %s' "${2#* }"
}

# make_checkout TREE FROM - an empty one.
make_checkout()
{
	local format
	format=$(git --git-dir="$2" rev-parse --show-object-format) || return 1

	rm -rf -- "$1" && mkdir -p -- "$1" && our_git "$1" init -q --object-format="$format" &&
		printf '%s\n' "$2" >"$1.from"
}

# kind_reset TREE FROM AT - that commit, without any patch. Files that git does not
# know came with patches; a lock was left by a git that was killed.
kind_reset()
{
	local tree=$1

	[[ -d $tree/.git/objects/info ]] || make_checkout "$tree" "$2" || return 1
	printf '%s/objects\n' "$2" >"$tree/.git/objects/info/alternates" &&
		rm -f -- "$tree/.git/index.lock" &&
		our_git "$tree" checkout -q --force --detach "${3% *}" &&
		our_git "$tree" clean -qffdx -e /build -e /build-debug &&
		rm -f -- "$tree.touched"
}
