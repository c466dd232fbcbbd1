/* SPDX-License-Identifier: MIT */
#include "data/pattern.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST = 200, LARGEST_COUNT = 255, MOST_NESTED = 3 };

/* The larger number of the {count} at p, which begins behind the brace. */
static long count_at(const char *p)
{
    char *end;
    long low = strtol(p, &end, 10), high = *end == ',' ? strtol(end + 1, NULL, 10) : low;
    return high > low ? high : low;
}

/* The C library copies what stands before + and a {count}: with one inside another the copies multiply, to
 * gigabytes for thirty of them. */
static const char *too_much(const char *text)
{
    int counts = 0, nested = 0;
    if (strlen(text) > LONGEST)
        return "longer than 200 bytes";
    for (const char *p = text; *p; p++) {
        if (*p == '\\' && p[1] >= '1' && p[1] <= '9')
            return "a back reference";
        if (*p == '+' && p > text && strchr(")+*?}", p[-1]) && ++nested > MOST_NESTED)
            return "too many + behind a ) or another repeat";
        if (*p == '\\' && p[1])
            p++;
        else if (*p == '{' && (++counts > 1 || count_at(p + 1) > LARGEST_COUNT))
            return "more than one {count}, or one above 255";
    }
    return NULL;
}

bool pattern_compile(regex_t *regex, const char *text, struct err *err)
{
    char why[120];
    const char *refused = too_much(text);
    if (refused)
        return err_set(err, "%.60s: not as a regular expression: it has %s", text, refused);
    int code = regcomp(regex, text, REG_EXTENDED | REG_ICASE | REG_NOSUB);
    if (code == 0)
        return true;
    regerror(code, regex, why, sizeof why);
    return err_set(err, "%.60s: no regular expression: %s", text, why);
}
