
/*
 * The interpreter's machine code and constants on huge pages.
 *
 * A fork does not copy the page tables of a mapped file: every cell would
 * take a fault for each part of the interpreter that it comes to.  Memory of
 * its own has its page tables copied, and on huge pages they are few.
 *
 * The program is linked so that each of its segments starts at a huge page.
 */

#define _GNU_SOURCE

#include "py_runtime.h"

#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>


#define CR_PY_HUGE      (2UL * 1024 * 1024)

/* A smaller segment is not worth a huge page. */
#define CR_PY_TEXT_MIN  (512UL * 1024)


/* Moves len bytes of copies to where the segment is, in one step. */

static void
cr_py_text_move(char *start, size_t size, size_t len, int prot)
{
    char   *p, *copy;
    size_t  head;

    p = mmap(NULL, len + CR_PY_HUGE, PROT_READ|PROT_WRITE,
             MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED) {
        return;
    }

    copy = (char *) (((uintptr_t) p + CR_PY_HUGE - 1) & ~(CR_PY_HUGE - 1));
    head = copy - p;

    if (head) {
        (void) munmap(p, head);
    }

    (void) munmap(copy + len, CR_PY_HUGE - head);
    (void) madvise(copy, len, MADV_HUGEPAGE);

    memcpy(copy, start, size);

    /*
     * This very code may be what is replaced: by the same bytes, and between
     * two instructions of it.
     */

    if (mprotect(copy, len, prot) != 0
        || mremap(copy, len, len, MREMAP_MAYMOVE|MREMAP_FIXED, start)
           == MAP_FAILED)
    {
        (void) munmap(copy, len);
    }
}


static int
cr_py_text_object(struct dl_phdr_info *info, size_t size, void *data)
{
    int                 i, n;
    char               *start;
    size_t              len;
    uintptr_t           next;
    const ElfW(Phdr)   *ph;

    n = info->dlpi_phnum;

    for (i = 0; i < n; i++) {
        ph = &info->dlpi_phdr[i];

        if (ph->p_type != PT_LOAD || (ph->p_flags & PF_W)
            || ph->p_memsz < CR_PY_TEXT_MIN
            || ((info->dlpi_addr + ph->p_vaddr) & (CR_PY_HUGE - 1)))
        {
            continue;
        }

        start = (char *) info->dlpi_addr + ph->p_vaddr;
        len = (ph->p_memsz + CR_PY_HUGE - 1) & ~(CR_PY_HUGE - 1);

        next = i + 1 < n && info->dlpi_phdr[i + 1].p_type == PT_LOAD
               ? info->dlpi_addr + info->dlpi_phdr[i + 1].p_vaddr
               : 0;

        if (next < (uintptr_t) start + len) {
            continue;
        }

        cr_py_text_move(start, ph->p_memsz, len,
                        PROT_READ | ((ph->p_flags & PF_X) ? PROT_EXEC : 0));
    }

    /* The first object is the program itself; no other is of interest. */

    return 1;
}


void
cr_py_text_init(void)
{
    (void) dl_iterate_phdr(cr_py_text_object, NULL);
}
