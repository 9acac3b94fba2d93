// SPDX-License-Identifier: GPL-2.0
/* How a point is measured, by name: see events.h. */
#include "records/events.h"

const char *const vb_mode_name[] = {
	[VB_BARE] = "bare", [VB_TRACED] = "traced",
	[VB_SAMPLED] = "sampled",
};
