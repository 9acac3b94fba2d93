# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# page.bash - what a page is like on a telephone, for the suites that make one.
# Loaded after common.bash; a test has a directory of its own.

# show_page PAGE - tidy it, and have a browser lay it out; page_fact says what it saw.
show_page()
{
	local dir
	dir=$(dirname -- "$(realpath -- "$1")")

	tidy -quiet -errors "$1" 2>tidy.err || { cat tidy.err; return 1; }
	! grep -iE '(src|href)=.?[a-z]+:|@import|url\([^#]|<script|<link|<iframe' "$1" || return 1
	sed "s/report\.html/$(basename -- "$1")/" "$TOP/tests/lib/page-check.html" >"$dir/page-check.html"
	timeout 60 chromium --headless --no-sandbox --disable-gpu --allow-file-access-from-files \
		--user-data-dir="$PWD/chromium" --dump-dom "file://$dir/page-check.html" \
		2>chromium.err >dom
	rm -f -- "$dir/page-check.html"
	[ "$(page_fact width)" = 360 ] || { cat dom chromium.err; return 1; }
	[ "$(page_fact overflow)" = 0 ] || { cat dom; return 1; }
	[ "$(page_fact requests)" = 0 ] && [ "$(page_fact scripts)" = 0 ]
}

# page_fact NAME - of the page that show_page() laid out last.
page_fact()
{
	sed -n "s/^$1 //p" dom
}
