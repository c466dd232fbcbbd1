/* SPDX-License-Identifier: MIT
 *
 * A small table of parameters with known values, for tests of what stores and moves them.
 */
#ifndef TESTS_SUPPORT_PARAMS_H
#define TESTS_SUPPORT_PARAMS_H

#include "nn/params.h"

/* trunk.0.weight (2, 3), trunk.0.bias (2), queue (4) of role STATE; value, m and v differ everywhere. */
void small_params(struct params *params);

#endif
