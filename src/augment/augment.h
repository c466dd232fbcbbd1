/* SPDX-License-Identifier: MIT
 *
 * What may differ between two views of one picture, and so what the encoder learns to ignore. A recipe is a
 * list of steps applied in the order written; each has a strength (one number, or a range drawn from) and a
 * probability. Geometric steps in a row are multiplied into one affine map and the picture is resampled once,
 * bilinearly; pixels outside the picture repeat its edge. Everything random comes from a counter (seed, step,
 * item, view), so that a view can be drawn again at any time. Pictures are float in [0, 1], (height, width,
 * channels). Any thread: the caller owns the scratch.
 *
 * Sources: SimCLR (Chen et al. 2020, section 3 and appendix A); reference recipes in docs/maths.md.
 */
#ifndef NF_AUGMENT_AUGMENT_H
#define NF_AUGMENT_AUGMENT_H

#include "base/err.h"
#include "base/registry.h"
#include "base/rng.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct picture {
    int height, width, channels; /* channels 1 or 3 */
    float *pixel;                /* (height, width, channels) in [0, 1] */
    float *scratch;              /* room for one more picture */
};

/* Output pixel centre (x, y), in units of the picture's sides from -1 to 1, comes from source point
 * (m[0] x + m[1] y + m[2], m[3] x + m[4] y + m[5]). */
struct affine {
    float m[6];
};

struct affine affine_identity(void);
/* First `inner` on output coordinates, then `outer`: outer(inner(p)). */
struct affine affine_compose(struct affine outer, struct affine inner);
/* Bilinear, edges repeated. `to` and `from` (height, width, channels), different memory. */
void affine_resample(struct affine map, const float *from, float *to, int height, int width, int channels);

/* One kind of step: one file and one line in augments.def. Exactly one of warp and paint is set. */
struct augment {
    struct entry entry; /* knobs[0] is the strength (range and default); no further knobs */
    double low, high;   /* default range of the strength; low == high draws nothing */
    double probability; /* default */
    bool needs_colour;  /* does nothing on grey pictures */
    bool has_identity;  /* strength `identity` leaves the picture as it is, to the bit */
    double identity;
    /* Strength already drawn. warp returns the map of this step alone; aspect = width / height. */
    struct affine (*warp)(double strength, double low, double high, double aspect, struct rng *rng);
    void (*paint)(struct picture *picture, double strength, struct rng *rng);
};

extern const struct axis augment_axis;
const struct augment *augment_at(size_t i);

enum { AUGMENT_MAX_STEPS = 16 };

struct augment_step {
    const struct augment *kind; /* lent: static */
    double low, high;           /* strength; equal: fixed */
    double probability;         /* 0..1 */
};

struct recipe {
    struct augment_step step[AUGMENT_MAX_STEPS];
    size_t n;
};

/* `name[=value|lo..hi][@p]` separated by blanks or commas replaces what is in recipe; "none" empties it; a
 * text in which every word starts with + or - edits it (+ adds or replaces in place, - removes). On false the
 * recipe is as it was. */
bool recipe_parse(struct recipe *recipe, const char *text, struct err *err);
/* The text that parses back to the same recipe; "none" when empty. */
void recipe_print(const struct recipe *recipe, char *text, size_t size);
/* The default for pictures of so many channels ("tiles" has its own; methods may bring theirs). */
void recipe_default(struct recipe *recipe, const char *dataset_name, int channels);
/* Steps that do nothing on grey pictures, as a sentence for the screen and stderr; "" if none or channels
 * is 3. */
void recipe_idle_steps(const struct recipe *recipe, int channels, char *text, size_t size);

/* The view `view` (0, 1, ...) of an item in a step: from (h, w, c) bytes to (h, w, c) floats in [0, 1].
 * `scratch` has room for 2 * h * w * c floats. */
struct view_key {
    uint64_t seed, step, item, view;
};
void recipe_apply(const struct recipe *recipe, struct view_key key, const uint8_t *from, int height,
                  int width, int channels, float *to, float *scratch);

/* The picture itself as floats, for measures. */
void picture_plain(const uint8_t *from, size_t n_values, float *to);

#endif
