# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# audit.bash - boots of the store that can be computed again. Loaded after common.bash.

# A boot that took more seconds than this is not chosen.
AUDIT_SECONDS=20

# stored_boots - the directory of the store.
stored_boots()
{
	printf '%s' "${VB_STORE:-$VB_CACHE/boots}"
}

# run_stored KEY ARGUMENT... - run-guest.sh with the options and the plan of that boot.
run_stored()
{
	local entry options
	entry=$(stored_boots)/$1
	shift

	mapfile -t options < <(jq -r '.options[]' "$entry/how.json")
	"$TOP/scripts/run/run-guest.sh" "${options[@]}" --plan "$entry/plan" "$@"
}

# is_auditable KEY - are its inputs still those of then?
is_auditable()
{
	local entry

	entry=$(stored_boots)/$1
	jq -e --argjson most "$AUDIT_SECONDS" '.v == 1 and .seconds <= $most' "$entry/how.json" >/dev/null 2>&1 &&
		[[ $(run_stored "$1" --key --out "$entry" 2>/dev/null) == "$1" ]]
}

# choose_stored N - as many keys, or fewer when there are no more; others each time.
choose_stored()
{
	local key n=0

	while IFS= read -r key && ((n < $1)); do
		is_auditable "$key" || continue
		printf '%s\n' "$key"
		n=$((n + 1))
	done < <(find "$(stored_boots)" -mindepth 2 -maxdepth 2 -name how.json -printf '%h\n' 2>/dev/null |
		sed 's,.*/,,' | grep -xE '[0-9a-f]{32}' | shuf)
}

# audit_again KEY OUT - compute it; fails when a byte differs.
audit_again()
{
	run_stored "$1" --fresh --out "$2"
}
