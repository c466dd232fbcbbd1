/* SPDX-License-Identifier: MIT
 *
 * Knob lists that a loss and the methods that train with it share, so that each is described once. Static
 * const data.
 */
#ifndef NF_LOSS_KNOBS_H
#define NF_LOSS_KNOBS_H

#include "base/registry.h"

extern const struct knob knobs_temperature[]; /* tau */

#endif
