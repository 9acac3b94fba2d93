// SPDX-License-Identifier: GPL-2.0
/* What records of samples have in common: see sampling.h. */
#include <stdio.h>
#include <string.h>

#include "base/common.h"
#include "records/sampling.h"

#define SAMPLED	"sampled"
#define FAILED	"failed"

/**
 * vb_sampling_read() - how was it sampled?
 * @s: filled in; cleared when the record is of counts
 * @f: the file, for the message
 * @o: a record of profile.jsonl or stacks.jsonl
 *
 * Ends the program when that cannot be.
 */
void vb_sampling_read(struct vb_sampling *s, const struct vb_jsonl *f, json_t *o)
{
	json_t *sampled = json_object_get(o, SAMPLED);

	memset(s, 0, sizeof(*s));
	if (!sampled)
		return;
	s->every_ns = vb_jsonl_int(f, sampled, "every_ns");
	s->samples = vb_jsonl_int(f, sampled, "samples");
	s->due = vb_jsonl_int(f, sampled, "due");
	if (!s->every_ns || !s->samples || !s->due)
		vb_jsonl_bad(f, "\"sampled\" without samples");
}

/**
 * vb_sampling_write() - say how it was sampled
 * @o: the record
 * @s: nothing is said of counts
 */
void vb_sampling_write(json_t *o, const struct vb_sampling *s)
{
	if (s->every_ns)
		json_object_set_new(o, SAMPLED,
				    json_pack("{sIsIsI}", "every_ns", s->every_ns, "samples",
					      s->samples, "due", s->due));
}

/**
 * vb_failed_write() - a record of a region that there are no figures of
 * @out: where to
 * @type: of the record
 * @run: the module's run that it belongs to
 * @why: for people
 */
void vb_failed_write(FILE *out, const char *type, json_int_t run, const char *why)
{
	json_t *o = json_pack("{sisssIss}", "v", 1, "type", type, "run", run, FAILED, why);

	if (!o)
		vb_die("out of memory");
	json_dumpf(o, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(o);
}

/**
 * vb_failed() - is it such a record?
 * @f: the file, for messages
 * @o: a record
 * @run: the region that is looked for: when the record is of that, it says why
 *
 * Return: 1 when it is, else 0.
 */
int vb_failed(const struct vb_jsonl *f, json_t *o, json_int_t run)
{
	if (!json_object_get(o, FAILED))
		return 0;
	if (vb_jsonl_int(f, o, "run") == run)
		fprintf(stderr, "%s: %s:%d: %s\n", vb_name, f->name, f->line,
			vb_jsonl_str(f, o, FAILED));
	return 1;
}
