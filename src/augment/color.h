/* SPDX-License-Identifier: MIT
 *
 * What the colour steps share: each changes a picture in place and clips to [0, 1], as the reference recipes
 * do after every operation. Any thread.
 */
#ifndef NF_AUGMENT_COLOR_H
#define NF_AUGMENT_COLOR_H

#include "augment/augment.h"

/* U[max(0, 1 - strength), 1 + strength]. */
double color_factor(double strength, struct rng *rng);

void color_brightness(struct picture *picture, double factor); /* p * factor */
void color_contrast(struct picture *picture, double factor);   /* away from the mean luma */
/* The following need three channels and leave a grey picture as it is. */
void color_saturation(struct picture *picture, double factor); /* away from each pixel's luma; 0: grey */
void color_hue(struct picture *picture, double turns);         /* rotates I and Q of YIQ: red, green, blue */

/* Mean of one plane, (height, width); the order of its additions is fixed. */
float color_plane_mean(const struct picture *picture, int channel);

#endif
