
/*
 * The tables of docs/SECCOMP.md against the filters: every call of every kind
 * of profile is what they say, and every group has its reason.
 */


#include "seccomp_machine.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <linux/futex.h>

#include "cr_layers.h"


#define CALLS     512
#define VARIANTS  8
#define WRITE     1
#define THREADS   2
#define EXEC      4
#define COLUMNS   4


typedef enum {
    UNLISTED = 0,
    ALLOWED,
    ARGUMENTS,
    REFUSED,
    ENOTSUPPORTED
} kind_e;


typedef struct {
    const char  *title;
    kind_e       kind;
    int          calls;          /* the column that has them */
    int          profiles;
    int          reason;
} table_t;


static const table_t  tables[] = {
    { "## Allowed\n",              ALLOWED,       1, 2, 3 },
    { "## Allowed by arguments\n", ARGUMENTS,     0, 1, 3 },
    { "## Refused with EPERM\n",   REFUSED,       1, 2, 3 },
    { "## Refused with ENOTSUP\n", ENOTSUPPORTED, 1, 2, 3 },
    { NULL, UNLISTED, 0, 0, 0 }
};

static const char *const  kinds[] = {
    "unlisted", "allowed", "allowed by arguments", "refused with EPERM",
    "refused with ENOTSUP"
};


static kind_e  documented[VARIANTS][CALLS];


static int
in_profiles(const char *profiles, unsigned variant)
{
    unsigned  i;

    /* A bit for each variant. */

    static const struct {
        const char  *text;
        unsigned     variants;
    } words[] = {
        { "all", 0xff },
        { "write", 0xaa },
        { "no write", 0x55 },
        { "exec", 0xf0 },
        { "no exec", 0x0f },
        { "threads or exec", 0xfc },
        { "threads, no exec", 0x0c },
        { "neither threads nor exec", 0x03 }
    };

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].text, profiles) == 0) {
            return words[i].variants >> variant & 1;
        }
    }

    fail_msg("\"%s\" are no profiles", profiles);

    return 0;
}


static void
document_call(const table_t *table, const char *name, const char *profiles)
{
    int       nr;
    unsigned  variant;

    nr = seccomp_syscall_resolve_name(name);

    if (nr == __NR_SCMP_ERROR) {
        fail_msg("there is no call %s", name);
    }

    /* Another architecture's. */

    if (nr < 0) {
        return;
    }

    assert_true(nr < CALLS);

    for (variant = 0; variant < VARIANTS; variant++) {

        if (!in_profiles(profiles, variant)) {
            continue;
        }

        if (documented[variant][nr] != UNLISTED) {
            fail_msg("%s is in the tables twice", name);
        }

        documented[variant][nr] = table->kind;
    }
}


/* Cuts "| a | b |" into its columns.  Answers how many. */

static int
columns(char *line, char *column[COLUMNS + 1])
{
    int    n;
    char  *p, *end;

    n = 0;
    p = line + 1;

    while ((end = strchr(p, '|')) != NULL && n <= COLUMNS) {

        p += strspn(p, " ");
        column[n++] = p;

        for (p = end; p > column[n - 1] && p[-1] == ' '; p--) { /* void */ }

        *p = '\0';
        p = end + 1;
    }

    return n;
}


static void
document_line(const table_t *table, char *line)
{
    char  *column[COLUMNS + 1], *word, *last;

    if (columns(line, column) != COLUMNS) {
        fail_msg("not %d columns: %s", COLUMNS, line);
    }

    /* The head of the table, and the line below it. */

    if (column[table->calls][0] != '`') {
        return;
    }

    if (strlen(column[table->reason]) < 10) {
        fail_msg("no reason is given for %s", column[table->calls]);
    }

    for (word = strtok_r(column[table->calls], "` ", &last);
         word != NULL;
         word = strtok_r(NULL, "` ", &last))
    {
        document_call(table, word, column[table->profiles]);
    }
}


static void
read_document(void)
{
    FILE           *f;
    char            line[4096];
    const table_t  *table, *t;

    f = fopen("docs/SECCOMP.md", "r");

    if (f == NULL) {
        fail_msg("docs/SECCOMP.md: %s", strerror(errno));
    }

    table = NULL;

    while (fgets(line, sizeof(line), f) != NULL) {

        if (line[0] == '#') {
            for (t = tables; t->title; t++) {
                if (strcmp(t->title, line) == 0) {
                    break;
                }
            }

            table = t->title ? t : NULL;
        }

        if (line[0] == '|' && table != NULL) {
            document_line(table, line);
        }
    }

    (void) fclose(f);
}


static kind_e
kind_of(uint32_t action)
{
    switch (action) {

    case SECCOMP_RET_ALLOW:
        return ALLOWED;

    case SECCOMP_RET_ERRNO|EPERM:
        return REFUSED;

    case SECCOMP_RET_ERRNO|ENOTSUP:
        return ENOTSUPPORTED;

    case SECCOMP_RET_ERRNO|ENOSYS:
        return UNLISTED;
    }

    fail_msg("the action %#x is none of the document's", action);

    return UNLISTED;
}


/* What the filter says of a call, whatever its arguments. */

static kind_e
compiled(const struct sock_fprog *prog, int nr)
{
    kind_e               kind;
    unsigned             i, bit, value;
    struct seccomp_data  data;

    /* Where no single bit of an argument makes a difference. */

    static const uint64_t  values[] = {
        ~0ULL, 0x3d0f00, F_DUPFD_CLOEXEC, PR_SET_NAME, FUTEX_WAIT_BITSET,
        TCGETS, 0x1002
    };

    memset(&data, 0, sizeof(data));
    data.arch = arch();
    data.nr = nr;

    kind = kind_of(run(prog, &data));

    for (i = 0; i < 6; i++) {

        for (bit = 0; bit < 64; bit++) {
            data.args[i] = 1ULL << bit;

            if (kind_of(run(prog, &data)) != kind) {
                return ARGUMENTS;
            }
        }

        for (value = 0; value < sizeof(values) / sizeof(values[0]); value++) {
            data.args[i] = values[value];

            if (kind_of(run(prog, &data)) != kind) {
                return ARGUMENTS;
            }
        }

        data.args[i] = 0;
    }

    return kind;
}


static void
test_document_is_the_list(void **state)
{
    int                nr, wrong;
    char              *name;
    kind_e             kind;
    unsigned           variant;
    cr_profile_t       profile;
    struct sock_fprog  prog;

    (void) state;

    read_document();

    wrong = 0;

    for (variant = 0; variant < VARIANTS; variant++) {

        memset(&profile, 0, sizeof(profile));
        profile.write = variant & WRITE ? 1 << 20 : 0;
        profile.threads = (variant & THREADS) != 0;
        profile.exec = (variant & EXEC) != 0;

        assert_int_equal(cr_seccomp_compile(&profile, &prog), 0);

        for (nr = 0; nr < CALLS; nr++) {

            kind = compiled(&prog, nr);

            if (kind == documented[variant][nr]) {
                continue;
            }

            name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, nr);

            print_error("write %d, threads %d, exec %d: %s is %s, the document "
                        "says %s\n", (variant & WRITE) != 0,
                        (variant & THREADS) != 0, (variant & EXEC) != 0,
                        name ? name : "?", kinds[kind],
                        kinds[documented[variant][nr]]);
            free(name);
            wrong++;
        }

        free(prog.filter);
    }

    assert_int_equal(wrong, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_document_is_the_list)
    };

    return cmocka_run_group_tests_name("docs/SECCOMP.md", tests, NULL, NULL);
}
