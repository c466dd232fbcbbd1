/* SPDX-License-Identifier: MIT
 *
 * DrLIM (Hadsell, Chopra & LeCun 2006), the siamese network: the two views of a picture pull each other like
 * a spring, pictures that differ push like one until they are a margin apart. z has two dimensions and is
 * taken as it is, so that it can be drawn without a projection.
 */
#include "method/deviation.h"
#include "method/knobs.h"
#include "method/two_views.h"

#include <string.h>

static const struct knob knobs[] = {
    KNOB_MARGIN(4),
    KNOB_SWITCH("repulsion", "repulsion", "Off: no two pictures push each other; all fall into one point."),
    {.name = NULL},
};

/* Without repulsion the pairs are those of the two views, all of them alike. */
static void inputs(struct method_run *run, struct method_batch *batch, int view, struct loss_io *io)
{
    (void)view;
    uint8_t *same = arena_take(batch->arena, batch->n, sizeof *same);
    memset(same, 1, batch->n);
    io->same = method_has(run, "repulsion") ? NULL : same;
}

static size_t readouts(const struct method_run *run, const struct method_batch *batch, struct readout *out,
                       size_t max)
{
    if (!deviation_read(run, batch, out, max))
        return 0;
    readout_guide(out, method_knob(run, "margin", 0), "margin");
    return 1;
}

const struct method method_drlim = {
    .entry = {"drlim", "A siamese net in the plane: views of a picture pull, pictures push to a margin.",
              knobs},
    .loss = "drlim",
    .head = "linear %d, relu, linear 2",
    .paper = "Hadsell, Chopra & LeCun 2006",
    .contrast = {POSITIVES_VIEW, NEGATIVES_BATCH},
    .repels_by = "repulsion",
    .flow = &two_views,
    .form = FORM_BOTH,
    .raw = true,
    .begin = deviation_begin,
    .end = deviation_end,
    .inputs = inputs,
    .readouts = readouts,
};
