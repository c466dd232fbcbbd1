/* SPDX-License-Identifier: MIT
 *
 * A net's text: whatever it is, it is refused in one line or prints back to a text that gives the same text.
 */
#include "base/check.h"
#include "nn/net.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool print(const char *text, char *printed)
{
    struct params params = {0};
    struct net net;
    struct err err;
    bool fine = net_init(&net, text, (struct shape){28, 28, 1}, true, "trunk", &params, &err);
    if (fine)
        net_print(&net, printed, NET_TEXT_SIZE);
    else
        CHECK(err.text[0] && !strchr(err.text, '\n') && params.n_tensors == 0);
    net_release(&net);
    params_release(&params);
    return fine;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xstrndup((const char *)data, size), once[NET_TEXT_SIZE], twice[NET_TEXT_SIZE];
    if (print(text, once))
        CHECK(print(once, twice) && strcmp(once, twice) == 0);
    free(text);
    return 0;
}
