/* SPDX-License-Identifier: MIT
 *
 * nearfar explore: embeddings made elsewhere, in the same views and without training.
 */
#include "app/session.h"

const struct subcommand command_explore = {
    .entry = {"explore",
              "Look at a run, or at embeddings made elsewhere: a table, or a folder of them that grows.",
              NULL},
    .usage =
        "RUN|EMB.npy|FOLDER [--items ITEMS.csv] [--key COLUMN] [--images DIR] [--xy X,Y] [--queries Q.npy]",
    .option = {table_options, screen_options, common_options},
    .min_operands = 1,
    .max_operands = 1,
    .notes =
        "A run folder is shown with its curves, also while it is still written. A table is a .npy, CSV or "
        "TSV, one row an item. In a CSV e0, e1, ... are the embedding and the\n"
        "other columns are known of the items. A folder of tables of equal rows is a timeline: the last\n"
        "number in a name is the step, and tables that are written later are followed. `label`, `title`\n"
        "and `file` are found by name. --xy umap_1,umap_2 draws a map that was made elsewhere; /query 3 "
        "ranks\n"
        "all rows by how near they lie to row 3 of --queries. ? on the screen explains keys and numbers.",
    .run = session_run,
};
