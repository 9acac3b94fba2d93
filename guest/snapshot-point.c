// SPDX-License-Identifier: GPL-2.0
/*
 * snapshot-point - the instruction at which a guest's state may be kept.
 *
 * A simulator that looks for it pauses the machine here; everywhere else it
 * is a NOP. The kind is REGION_SNAPSHOT of sim/region.h.
 */
int main(void)
{
	__asm__ volatile(".byte 0x0f, 0x1f, 0x80, 0x05, 0x4d, 0x56, 0x7a");
	return 0;
}
