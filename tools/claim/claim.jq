# SPDX-License-Identifier: GPL-2.0
#
# claim.jq - what the expressions of a claim are made of, and what becomes of them;
# docs/claims.md describes both. scripts/claim.sh hands every claim the same input:
#
#   mode       plan: which campaigns, and nothing has a value yet; check: are all names
#              known, and every value is 1; judge: values are those of the campaigns
#   campaigns  by name: asked (campaign.json), rows and areas (by point), trials (by
#              variant), doubts, notes; model, what a verdict on it cannot see, or ""
#   metrics, areas, published   what there is
#
# An error that is an object is about a word of the claim; kind "size" is a point that
# the campaign leaves out, "value" one that it has no value of.

def wrong($kind; $word; $text):
	error({ kind: $kind, word: ($word | tostring), text: $text });

def listed: map(tostring) | join(" ");

def known($kind; $word; $all; $what):
	if any($all[]; . == $word) then .
	else wrong($kind; $word; "there is no \($what) \($word); there are: \($all | listed)")
	end;

# The campaign that values are taken from.
def here:
	.campaigns[.here // "main"];

# within(NAME; EXPRESSION) - EXPRESSION of another campaign of the claim.
def within($name; f):
	if .mode == "plan" then f
	else known("name"; $name; .campaigns | keys; "campaign") | .here = $name | f
	end;

def check_point($variant; $workload; $pages; $threads):
	here.asked as $a
	| known("name"; $variant; $a.variants; "variant")
	| known("name"; $workload; $a.workloads; "workload")
	| known("size"; $pages; $a.pages; "number of pages")
	| known("size"; $threads; $a.threads; "number of threads");

def key($last; $variant; $workload; $pages; $threads):
	[$variant, $workload, $pages, $threads, $last] | map(tostring) | join("|");

def missing($what; $variant; $workload; $pages; $threads):
	wrong("value"; $what; "no \($what) of \($variant), \($workload), \($pages) pages, \($threads) threads");

# value(...) - a metric at a point.
def value($variant; $workload; $pages; $threads; $metric):
	if .mode == "plan" then 1
	else check_point($variant; $workload; $pages; $threads)
	| known("name"; $metric; .metrics; "metric")
	| if .mode == "check" then 1
	  else here.rows[key($metric; $variant; $workload; $pages; $threads)]
		// missing($metric; $variant; $workload; $pages; $threads)
	  end
	end;

def area($variant; $workload; $pages; $threads; $area; $column):
	check_point($variant; $workload; $pages; $threads)
	| known("name"; $area; .areas; "area")
	| if .mode == "check" then 1
	  else here.areas[key($area; $variant; $workload; $pages; $threads)][$column]
		// missing("area \($area)"; $variant; $workload; $pages; $threads)
	  end;

def percent_of_areas($variant; $workload; $pages; $threads; $areas; $column):
	if .mode == "plan" then 1
	else . as $data
	| ([$areas[] as $a | $data | area($variant; $workload; $pages; $threads; $a; $column)] | add)
	  * 100 / area($variant; $workload; $pages; $threads; "total"; $column)
	end;

# share(...) - of all CPUs' time, in %: what they spent in these areas of the kernel.
def share($variant; $workload; $pages; $threads; $areas):
	percent_of_areas($variant; $workload; $pages; $threads; $areas; "ns");

# kernel_time(...) - the same of all CPUs' time in the kernel: all but user mode.
def kernel_time($variant; $workload; $pages; $threads; $areas):
	share($variant; $workload; $pages; $threads; $areas)
	* 100 / (100 - share($variant; $workload; $pages; $threads; ["user mode"]));

# instructions(...) - of those of the kernel, in %: how many are in these areas.
def instructions($variant; $workload; $pages; $threads; $areas):
	percent_of_areas($variant; $workload; $pages; $threads; $areas; "insns");

# numbers(MEMBER) - the campaign's threads, or pages, the smallest first.
def numbers($member):
	if .mode == "plan" then [1, 1] else here.asked[$member] | sort end;

# most(MEMBER) - the most threads, or pages, of the campaign.
def most($member): numbers($member) | last;

# by_threads(...), by_pages(...) - a metric as a column, the smallest number first.
def by_threads($variant; $workload; $pages; $metric):
	. as $data
	| [numbers("threads")[] as $t | $data | value($variant; $workload; $pages; $t; $metric)];

def by_pages($variant; $workload; $threads; $metric):
	. as $data
	| [numbers("pages")[] as $p | $data | value($variant; $workload; $p; $threads; $metric)];

def trial($variant):
	here.asked as $a
	| if $a.command != "trial" then wrong("name"; $variant; "only a campaign of trial has outcomes")
	  else known("name"; $variant; $a.variants; "variant") | here.trials[$variant]
	  end;

# faults(VARIANT) - how many were seen in a trial of it, and which.
def faults($variant):
	if .mode == "plan" then 1
	else trial($variant) as $t
	| if .mode == "check" then 1
	  elif $t.outcome == null then
		wrong("value"; $variant; "\($variant): \($t.reason // "there is no outcome")")
	  else { n: $t.faults, from: $t.reason }
	  end
	end;

# debug_faults(VARIANT) - the same, where only debug kernels would have seen any.
def debug_faults($variant):
	if .mode == "judge" and (here.asked.debug | not) then
		wrong("value"; $variant; "\($variant): no debug kernel, which is what looks for these")
	else faults($variant)
	end;

# outcome(VARIANT) - ok or caught, or nothing when it is not known: for tables.
def outcome($variant):
	if .mode == "plan" then "-" else trial($variant) | .outcome end;

def show:
	fabs as $x
	| if $x >= 999.5 or $x == 0 then round
	  elif $x >= 99.95 then (. * 10 | round) / 10
	  elif $x >= 1 then (. * 100 | round) / 100
	  else pow(10; 2 - ($x | log10 | floor)) as $d | (. * $d | round) / $d
	  end;

def plain:
	(if type == "object" then .n else . end)
	| if type != "number" then error("\(tojson) is no number")
	  elif isnan or isinfinite then error("it is no finite number")
	  else . end;

def divided($a; $b): ($a | plain) / ($b | plain);

# ratio(A; B) - A divided by B.
def ratio(a; b):
	a as $a | b as $b
	| { n: divided($a; $b), from: "\($a | plain | show) / \($b | plain | show)" };

# One value shows no growth, and none is not flat either.
def a_column:
	if length < 2 then wrong("size"; ""; "a column of \(length) value(s) shows nothing") else . end;

# growth(COLUMN) - the last of it divided by the first.
def growth(f):
	f | a_column | { n: divided(last; first), from: "\(first | show) -> \(last | show)" };

# spread(COLUMN) - the largest of it divided by the smallest.
def spread(f):
	f | a_column | { n: divided(max; min), from: "from \(min | show) to \(max | show)" };

# least_step(COLUMN) - the smallest ratio of one in it to the one before: it rises
# everywhere when that is above 1.
def least_step(f):
	f | a_column
	| { n: ([range(1; length) as $i | divided(.[$i]; .[$i - 1])] | min),
	    from: (map(show | tostring) | join(" -> ")) };

def compared($left; $op; $right):
	if $op == ">" then $left > $right
	elif $op == ">=" then $left >= $right
	elif $op == "<" then $left < $right
	elif $op == "<=" then $left <= $right
	elif $op == "==" then $left == $right
	else wrong("name"; $op; "there is no relation \($op); there are: > >= < <= ==")
	end;

def one(f): [f] | if length == 1 then first else error("\(length) values, not one") end;

# relation(TEXT; LEFT; OP; RIGHT) - what must hold, in words and in numbers.
def relation($text; left; $op; right):
	if .mode == "plan" then { text: $text }
	else . as $data
	| try (one(left) as $l | one($data | right) as $r
		| { text: $text, holds: compared($l | plain; $op; $r | plain),
		    left: ($l | plain), op: $op, right: ($r | plain),
		    from: ($l | if type == "object" then .from else null end) })
	  catch { text: $text, holds: null, why: . }
	end;

# cell(EXPRESSION) - its number or text, or nothing where there is none.
def cell(f):
	. as $data
	| try (one(f) | if type == "string" then . else plain end)
	  catch (if $data.mode == "check" and type == "object" and .kind == "name" then { why: . }
		 else null end);

# theirs(FILE; COLUMN; ROW) - a figure of published/FILE.tsv.
def theirs($file; $column; $row):
	if .mode == "plan" then 1
	else known("name"; $file; .published | keys; "file published/")
	| .published[$file] as $p
	| known("name"; $column; $p.head; "column in published/\($file).tsv")
	| [$p.rows[] | select(first == ($row | tostring))[$p.head | index($column)] | tonumber]
	| if length == 1 then first else wrong("name"; $row; "no such row in published/\($file).tsv") end
	end;

# their_share(FILE; COLUMN; AREAS) - of all samples of published/profiles/FILE.tsv, in %.
def their_share($file; $column; $areas):
	if .mode == "plan" then 1
	else "profiles/\($file)" as $name
	| known("name"; $name; .published | keys; "file published/")
	| .published[$name] as $p
	| known("name"; $column; $p.head; "column in published/\($name).tsv")
	| ($p.head | index($column)) as $i
	| ([$p.rows[] | select(.[1] == "total")[$i] | tonumber] | first) as $total
	| [$p.rows[] | select([.[0]] - $areas == [])[$i] | select(. != "-") | tonumber]
	| if length == 0 then wrong("value"; $name; "none of these lines were published") else add * 100 / $total end
	end;

### What becomes of a claim

def members: {
	title: "string", said: "object", says: "string", campaigns: "object", table: "object",
	relations: "array", notes: "array" };

def is_words: type == "array" and length > 0 and all(type == "string");

# What a claim may ask its campaigns for, and of what the values are: nothing that is a
# path. Directories, tables and kernels are the user's to choose.
def choices:
	{ "--boots": "[0-9]+", "--coherence": "on|off", "--cpus": "[0-9]+", "--machine": "[a-z]+",
	  "--topology": "[0-9x]+", "--variants": "[A-Za-z0-9 ,._+-]+" } as $all
	| { "--costs": "none", "--possible-cpus": "[0-9]+", "--threads": "[0-9 ,]+",
	    "--pages": "[0-9 ,]+", "--workload": "[A-Za-z0-9 ,_-]+", "--ops": "[0-9]+",
	    "--files": "[0-9]+", "--dir-block": "[0-9]+", "--names": "[a-z]+", "--rounds": "[0-9]+",
	    "--stacks": "[0-9]+|default" } as $measured
	| { bench: ($all + $measured), profile: ($all + $measured + { "--readers": "[0-9 ,]+" }),
	    trial: ({ "--debug": null, "--mem": "[0-9]+", "--append": "[A-Za-z0-9 ._,:=/@%+-]*",
		      "--do": "[ -~]+" } + ($all | { "--cpus", "--machine", "--variants" })) };

def bad_member($name): { word: $name, text: . };

# bad_option(MAY; WORDS) - the first of the words that a claim may not pass, if there is one.
def bad_option($may; $words):
	if $words == [] then empty
	else $words[0] as $option
	| if $may | has($option) | not then { word: $option, text: "\($option | gsub("[^ -~]"; "?")) is not for claims" }
	  elif $may[$option] == null then bad_option($may; $words[1:])
	  elif $words | length == 1 then { word: $option, text: "\($option) needs a value" }
	  elif $words[1] | test("\\A(\($may[$option]))\\z") | not then
		{ word: $option, text: "\($option): \($words[1] | tojson) is no value that a claim may pass" }
	  else bad_option($may; $words[2:])
	  end
	end;

def bad_campaign($name):
	if type != "object" then "campaign \($name) is not { command, options, full, small }" | bad_member($name)
	elif (keys - ["command", "full", "options", "small"]) != [] then
		(keys - ["command", "full", "options", "small"] | first) as $k
		| "campaign \($name) has no member \($k)" | bad_member($k)
	elif [.command] - ["bench", "profile", "trial"] != [] then
		"campaign \($name): command is neither bench nor profile nor trial" | bad_member("command")
	elif ([.options, .full, .small] | all(is_words) | not) then
		"campaign \($name): options, full and small are lists of words" | bad_member($name)
	else choices[.command] as $may | .options as $always
		| first(.full, .small | bad_option($may; $always + .)) as $bad
		| "campaign \($name): \($bad.text)" | bad_member($bad.word)
	end;

# A list may also come out empty for some campaigns only.
def no_relation: select(.relations == []) | "no relation: nothing could fail to hold";

# The control characters in its texts, and what turns text round; heads of the table have several lines.
def bad_text:
	if type == "string" then select(test("[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]"))
	elif type == "array" or type == "object" then .[] | bad_text
	else empty end;

# What is wrong with the form of the claim, before anything is measured.
def bad_form:
	if type != "object" then { word: "", text: "it is no object" } else
	(members as $m
	| (to_entries[] | select($m[.key] == null) | .key | . as $k | "there is no member \($k)" | bad_member($k)),
	  (. as $c | $m | to_entries[] | select(.key != "notes" or $c.notes) | select(($c[.key] | type) != .value)
		| .key as $k | "\($k) is missing or is not a \(.value)" | bad_member($k))),
	(select(.said | type == "object") | (["mail", "list", "date"] - (.said | keys))[]
		| . as $k | "said has no \($k)" | bad_member("said")),
	(select(.campaigns | type == "object") | .campaigns
		| (if has("main") then empty else "no campaign is called main" | bad_member("campaigns") end),
		  (to_entries[] | select(.key | test("^[a-z0-9]+$") | not) | .key as $k
			| "\($k) is no name for a campaign: small letters and digits" | bad_member($k)),
		  (to_entries[] | .key as $k | .value | bad_campaign($k))),
	(no_relation | bad_member("relations")),
	(. as $c | to_entries[] | .key as $k | .value
		| if $k == "table" and type == "object" then del(.heads) else . end
		| first(bad_text) | "a control character in a text of \($k)" | bad_member($k)),
	(select(.table | type == "object") | .table
		| if (.heads | is_words | not) or (.rows | type != "array") then
			"table is not { heads, rows }" | bad_member("table")
		  else (.heads | length) as $n | .rows[] | select(type != "array" or length != $n)
			| "a row of the table has not as many cells as heads" | bad_member("table") end)
	end;

# The line where a word is, behind the relation it is of; 0 when it is not found.
def line_of($source; $word; $text):
	($source | split("\n")) as $lines
	| ([range(0; $lines | length) | select($text != null and ($lines[.] | contains($text[0:30] | split("\n")[0])))]
	   | first // 0) as $from
	| [range($from; $lines | length)
	   | . as $i | select($word != "" and ($lines[$i] | gsub("\\s*#.*"; "")
		| test("(^|[^A-Za-z0-9_-])\($word | gsub("(?<c>[^A-Za-z0-9_ -])"; "\\\(.c)"))($|[^A-Za-z0-9_-])")))]
	| (first // if $text != null then $from else -1 end) + 1;

# file:line: text
def located($data; $text):
	line_of($data.source; .word // ""; $text) as $line
	| "\($data.file):\(if $line > 0 then "\($line):" else "" end) \(.text)";

# Dividing 1 - 1 by itself is no fault of the claim.
def bad_value:
	if type == "object" then select(.kind == "name" or .kind == "size")
	else select(test("divisor is zero|finite") | not) | { word: "", text: . }
	end;

def bad_names:
	(no_relation | bad_member("relations")),
	(.relations[] | select(.why) | . as $r | .why | bad_value | . + { at: $r.text }),
	(.relations[] | select((.text | type) != "string") | { word: "relations", text: "a relation without a text" }),
	(.table.rows[][] | objects | .why);

def verdict($doubts):
	if ($doubts | length) > 0 then "CANNOT TELL"
	elif any(.relations[]; .holds == false) then "DOES NOT HOLD"
	elif any(.relations[]; .holds == null) then "CANNOT TELL"
	else "HOLDS"
	end;

def told: if type == "object" then .text else . end;

def judged($data):
	[$data.campaigns[].doubts[], no_relation] as $doubts
	| { v: 1, claim: $data.claim, size: $data.size, verdict: verdict($doubts), title, said, says,
	    table, relations: (.relations | map(if has("why") then .why |= told else . end)),
	    doubts: $doubts, notes: ((.notes // []) + [$data.campaigns[].notes[]] +
		([$data.campaigns[].model | select(. != "")] | unique)),
	    campaigns: [$data.campaigns | to_entries[] | { name: .key } + .value.from] };

def finish($data):
	if $data.mode == "plan" then
		[bad_form] as $bad
		| { bad: ([$bad[] | located($data; null)] | unique), title: (.title? // null), campaigns: (.campaigns? // null) }
	elif $data.mode == "check" then
		{ bad: ([bad_names | located($data; .at)] | unique) }
	else judged($data)
	end;
