/* SPDX-License-Identifier: MIT
 *
 * A CSV of embeddings: whatever is accepted has rows and columns, and its items can be described.
 */
#include "base/check.h"
#include "data/embeddings.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct embeddings e;
    struct dataset data;
    struct items_source nothing = {0};
    struct err err;
    if (!embeddings_parse_csv(&e, (const char *)bytes, size, &err))
        return 0;
    CHECK(e.n > 0 && e.d > 0);
    CHECK(embeddings_items(&data, &e, "bytes.csv", &nothing, &err));
    CHECK(data.n == e.n);
    dataset_release(&data);
    embeddings_release(&e);
    return 0;
}
