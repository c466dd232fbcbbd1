/* SPDX-License-Identifier: MIT
 *
 * Knob lists that a loss and the methods that train with it share, so that each is described once. Static
 * const data.
 */
#ifndef NF_LOSS_KNOBS_H
#define NF_LOSS_KNOBS_H

#include "base/registry.h"

extern const struct knob knobs_temperature[];   /* tau */
extern const struct knob knobs_supcon[];        /* tau, lower */
extern const struct knob knobs_debiased[];      /* tau, tau_plus, beta at 0 */
extern const struct knob knobs_hard_negative[]; /* tau, tau_plus, beta at 1 */

/* Of one objective each, in its file. */
extern const struct knob knobs_contrastive[];   /* margin */
extern const struct knob knobs_triplet[];       /* alpha */
extern const struct knob knobs_align_uniform[]; /* alpha, t, lambda */
extern const struct knob knobs_barlow[];        /* lambda, scale */
extern const struct knob knobs_vicreg[];        /* lambda, mu, nu */
extern const struct knob knobs_dino[];          /* tau_s, tau_t */
extern const struct knob knobs_smooth_l1[];     /* beta */
extern const struct knob knobs_clip[];          /* t, scale */
extern const struct knob knobs_siglip[];        /* t, b */

#endif
