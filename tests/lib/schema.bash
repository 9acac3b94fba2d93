# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# schema.bash - records against docs/schema.

# fits SCHEMA FILE... - is each of them as docs/schema/SCHEMA.schema.json says?
fits()
{
	"$TOP/tests/lib/schema.py" "$TOP/docs/schema/$1.schema.json" "${@:2}"
}
