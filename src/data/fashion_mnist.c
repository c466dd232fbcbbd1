/* SPDX-License-Identifier: MIT
 *
 * Fashion-MNIST (Xiao, Rasul, Vollgraf 2017) by name, from Debian's package: 60,000 pictures that train and
 * 10,000 that are held out, as everyone splits it.
 */
#include "data/idx.h"

#include "base/check.h"

#include <string.h>
#include <unistd.h>

#define FOLDER "/usr/share/datasets/fashion-mnist/"

static const char *const names[] = {"t-shirt", "trouser", "pullover", "dress", "coat",
                                    "sandal",  "shirt",   "sneaker",  "bag",   "boot"};

static bool load(const struct source *source, const struct data_options *options, struct dataset *data,
                 struct err *err)
{
    static const struct idx_part parts[] = {
        {FOLDER "train-images-idx3-ubyte.gz", FOLDER "train-labels-idx1-ubyte.gz", "train"},
        {FOLDER "t10k-images-idx3-ubyte.gz", FOLDER "t10k-labels-idx1-ubyte.gz", "eval"},
    };
    (void)source;
    (void)options;
    if (access(parts[0].images, R_OK) != 0)
        return err_set(
            err, "fashion-mnist is not installed: type  apt-get install dataset-fashion-mnist  (or give a "
                 "folder with its IDX files)");
    data->name = xstrdup("fashion-mnist");
    return idx_load_parts(data, parts, ARRAY_LEN(parts), names, ARRAY_LEN(names), err);
}

static int sniff(const struct source *source)
{
    return strcmp(source->path, "fashion-mnist") == 0 ? 3 : 0;
}

const struct format fashion_mnist_format = {
    .entry = {"fashion-mnist", "70,000 pictures of clothes, from Debian's package dataset-fashion-mnist.",
              NULL},
    .sniff = sniff,
    .load = load,
};
