# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034
#
# dirs-xfs-audit.sh - the workload xfs-audit: that of xfs-dir, and of every page that is
# freed meanwhile it is looked whether it is still mapped.

# shellcheck source-path=SCRIPTDIR source=dirs-xfs-dir.sh
. /vmapbench/dirs-xfs-dir.sh
AUDIT=1
