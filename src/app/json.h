/* SPDX-License-Identifier: MIT
 *
 * What all JSON that the program writes has in common.
 */
#ifndef NF_APP_JSON_H
#define NF_APP_JSON_H

#include "space/interval.h"

#include <jansson.h>
#include <math.h>

/* A number; null where it is not finite, which JSON cannot say. Owned. */
static inline json_t *json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* [low, high], null where there is none. Owned. */
static inline json_t *json_interval(struct interval interval)
{
    return isnan(interval.low) ? json_null()
                               : json_pack("[o, o]", json_number(interval.low), json_number(interval.high));
}

#endif
