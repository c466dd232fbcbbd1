/* SPDX-License-Identifier: MIT
 *
 * nearfar [PATH|NAME]: training, live on the screen.
 */
#include "app/session.h"
#include "app/setup.h"

const struct subcommand command_live = {
    .entry = {"live", "Train live on the screen: on tiles, which are built in, or on pictures.", NULL},
    .usage = "[PATH|NAME] [options]",
    .option = {live_options, table_options, training_options, screen_options, common_options},
    .min_operands = 0,
    .max_operands = 1,
    .notes =
        "PATH is a folder of pictures, an IDX or CIFAR file, or a session that w wrote; NAME is tiles or\n"
        "fashion-mnist. A table of embeddings or a folder of them is explored (nearfar explore --help).\n"
        "? on the screen explains keys and numbers. The run is written when it ends, however it ends.",
    .run = session_run,
};
