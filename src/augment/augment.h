/* SPDX-License-Identifier: MIT
 *
 * What may differ between two views of one picture, and so what the encoder learns to ignore. A recipe is a
 * list of steps applied in the order written, each kind at most once; each has a strength (one number, or a
 * range it is drawn from) and a probability. Geometric steps in a row are multiplied into one affine map and
 * the picture is resampled once, bilinearly; pixels outside the picture repeat its edge. Everything random is
 * a function of (seed, step, item, view) and the name of the kind, so that a view can be drawn again at any
 * time, and adding, removing or turning one step leaves what the others draw as it was. Any thread: the
 * caller owns the scratch.
 *
 * Sources: SimCLR (Chen et al. 2020, section 3 and appendix A). Where it differs: hue turns the colour in YIQ
 * (one matrix) instead of going through HSV; noise is a sum of four uniform bytes instead of a true normal;
 * a crop's shape is drawn from those that fit instead of trying ten times.
 */
#ifndef NF_AUGMENT_AUGMENT_H
#define NF_AUGMENT_AUGMENT_H

#include "base/err.h"
#include "base/registry.h"
#include "base/rng.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A picture at work: plane after plane, so that loops run over neighbouring pixels of one channel. */
struct picture {
    int height, width, channels; /* channels 1 or 3 */
    float *pixel;                /* (channels, height, width) in [0, 1] */
    float *scratch;              /* room for one more picture; a step may exchange the two */
};

/* Output pixel centre (x, y), in units of the picture's sides from -1 to 1, comes from source point
 * (m[0] x + m[1] y + m[2], m[3] x + m[4] y + m[5]). */
struct affine {
    double m[6];
};

struct affine affine_identity(void);
/* First `inner` on output coordinates, then `outer`: outer(inner(p)). */
struct affine affine_compose(struct affine outer, struct affine inner);
/* A turn by `radians` about the centre of a picture with aspect = width / height. */
struct affine affine_turn(double radians, double aspect);
/* Bilinear, edges repeated; whole-pixel maps (identity, flip) are exact. The result is in picture->pixel,
 * which has changed places with picture->scratch. */
void affine_resample(struct affine map, struct picture *picture);

/* One kind of step: one file and one line in augments.def. Exactly one of warp and paint is set. */
struct augment {
    struct entry entry; /* knobs[0] is the strength, its value the default; NULL: no strength, on or off */
    double low;         /* the default strength is drawn from low..knobs[0].value; equal: fixed */
    double probability; /* default */
    bool needs_colour;  /* does nothing on grey pictures */
    bool has_identity;  /* strength `identity` leaves the picture as it is, to the bit */
    double identity;
    /* strength is already drawn; 0 where the kind has none. warp returns the map of this step alone; aspect =
     * width / height. */
    struct affine (*warp)(double strength, double aspect, struct rng *rng);
    void (*paint)(struct picture *picture, double strength, struct rng *rng);
};

extern const struct axis augment_axis;
const struct augment *augment_at(size_t i);

enum { AUGMENT_MAX_STEPS = 20, RECIPE_TEXT_SIZE = 2048 };

struct augment_step {
    const struct augment *kind; /* lent: static */
    double low, high;           /* strength; equal: fixed; both 0 where the kind has none */
    double probability;         /* 0..1 */
};

struct recipe {
    struct augment_step step[AUGMENT_MAX_STEPS];
    size_t n;
};

/* `name[=value|lo..hi][@p]` separated by blanks or commas replaces what is in recipe; "none" empties it; a
 * text in which every word starts with + or - edits it (+ adds, or changes in place what the word names and
 * keeps the rest; - removes). On false the recipe is as it was. */
bool recipe_parse(struct recipe *recipe, const char *text, struct err *err);
/* The text that parses back to the same recipe; "none" when empty. RECIPE_TEXT_SIZE is always enough. */
void recipe_print(const struct recipe *recipe, char *text, size_t size);
/* One step of it: "crop=0.3..1". */
void augment_step_print(const struct augment_step *step, char *text, size_t size);
/* The step of that kind in the recipe, or NULL. Lent. */
const struct augment_step *recipe_find(const struct recipe *recipe, const char *name);
/* The default for pictures of so many channels; tiles have their own; digits and letters (a name with "mnist"
 * but not "fashion") are not mirrored. Methods may bring theirs. */
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

/* The picture itself as floats, for measures; the same values as recipe_apply with an empty recipe. */
void picture_plain(const uint8_t *from, size_t n_values, float *to);

/* The moved probe: the picture shifted by up to 12 % of its sides and turned by up to 20 degrees, edges
 * repeated, as drawn from rng. Shapes and scratch as in recipe_apply. */
void picture_moved(const uint8_t *from, int height, int width, int channels, struct rng *rng, float *to,
                   float *scratch);

#endif
