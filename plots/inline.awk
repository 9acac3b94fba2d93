# SPDX-License-Identifier: GPL-2.0
#
# inline.awk - a figure of gnuplot's as a part of a page. Its names get a prefix,
# because those of several figures must differ; it fills the width there is; and
# its ink is that of the page. Variables: prefix, title.

# The title ends up in an attribute.
BEGIN { gsub(/[^A-Za-z0-9._+,\/ -]/, "?", title) }

/<svg/ { inside = 1 }
!inside { next }

{
	gsub(/ id="/, "&" prefix "-")
	gsub(/ id='/, "&" prefix "-")
	gsub(/href='#/, "&" prefix "-")
	gsub(/href="#/, "&" prefix "-")
	gsub(/url\(#/, "&" prefix "-")
	gsub(/xlink:href/, "href")
	gsub(/ color="(black|white)"/, "")
	gsub(/stroke="black"/, "stroke=\"currentColor\"")
	gsub(/rgb\( *34, *34, *34\)/, "currentColor")
}

# The first element: its size is that of the page, its title is read aloud.
/<svg/ { opening = 1 }
opening {
	gsub(/ (width|height)="[0-9]+"/, "")
	gsub(/ xmlns(:[a-z]+)?="[^"]*"/, "")
	sub(/<svg/, "<svg role=\"img\" aria-label=\"" title "\"")
	if (/>/) opening = 0
}

{
	gsub(/<title>[^<]*<\/title>/, "")
	print
}
