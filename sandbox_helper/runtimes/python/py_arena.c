
/*
 * Memory of the interpreter on huge pages.
 *
 * A fork copies the page tables, and one entry of 2 MB is copied sooner than
 * 512 of 4 KB; so what is warmed lies on huge pages: the interpreter's arenas
 * (1 MB each) by an allocator of its own, the C library's heap by advice.
 * A cell's own arenas come as small pages at first, for a small program must
 * not pay for zeroing 2 MB, nor be told that it used them.
 *
 * When the address space is used up, some of it is given back at the very
 * first refusal: raising MemoryError needs memory, too.
 */

#define _GNU_SOURCE

#include "py_runtime.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/mman.h>


#define CR_PY_HUGE        (2UL * 1024 * 1024)

/* The C library's heap: what it has for warming, what is left of it at most
 * for a cell, and what a cell adds. */
#define CR_PY_HEAP_STEP   (64 * 1024 * 1024)
#define CR_PY_HEAP_LEFT   (16 * 1024 * 1024)
#define CR_PY_HEAP_PAD    (256 * 1024)

/* Sizes of its free chunks that a small program would come to use. */
#define CR_PY_HEAP_LARGE  (64 * 1024)
#define CR_PY_HEAP_SMALL  1024

/* The C library looks at its heap's end when so much is freed at once. */
#define CR_PY_HEAP_TELL   (128 * 1024)

/* Larger objects are mappings of their own, which grow without a copy. */
#define CR_PY_MMAP_SIZE   (1024 * 1024)

/* Given back at the first refusal of a small object. */
#define CR_PY_SPARE       (3UL * 1024 * 1024)
#define CR_PY_SPARE_FOR   (64 * 1024)

/* The sizes that CPython's allocator of small objects knows. */
#define CR_PY_OBJECT_STEP  16
#define CR_PY_OBJECT_MAX   512

/* A cell's arenas on small pages, before it counts as a large program. */
#define CR_PY_SMALL_MAX   16


static int       cr_py_warmed;
static char     *cr_py_newest;       /* arena, and its size */
static size_t    cr_py_newest_size;
static unsigned  cr_py_small;        /* arenas a cell had on small pages */
static char     *cr_py_chunk;        /* what is left of a huge page */
static size_t    cr_py_chunk_size;
static void     *cr_py_spare = MAP_FAILED;


static void *
cr_py_map(size_t size)
{
    return mmap(NULL, size, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS,
                -1, 0);
}


/* A huge page, at its own boundary; the rest of the mapping goes back. */

static char *
cr_py_map_huge(void)
{
    char       *p, *start;
    size_t      head;

    p = cr_py_map(2 * CR_PY_HUGE);

    if (p == MAP_FAILED) {
        return NULL;
    }

    start = (char *) (((uintptr_t) p + CR_PY_HUGE - 1) & ~(CR_PY_HUGE - 1));
    head = start - p;

    if (head) {
        (void) munmap(p, head);
    }

    (void) munmap(start + CR_PY_HUGE, CR_PY_HUGE - head);
    (void) madvise(start, CR_PY_HUGE, MADV_HUGEPAGE);

    return start;
}


static void *
cr_py_arena_find(size_t size)
{
    void  *p;

    if (size <= cr_py_chunk_size) {
        p = cr_py_chunk;
        cr_py_chunk += size;
        cr_py_chunk_size -= size;

        return p;
    }

    if (size < CR_PY_HUGE
        && (!cr_py_warmed || ++cr_py_small > CR_PY_SMALL_MAX))
    {
        p = cr_py_map_huge();

        if (p) {
            cr_py_chunk = (char *) p + size;
            cr_py_chunk_size = CR_PY_HUGE - size;

            return p;
        }
    }

    p = cr_py_map(size);

    return p != MAP_FAILED ? p : NULL;
}


static void *
cr_py_arena_alloc(void *ctx, size_t size)
{
    cr_py_newest = cr_py_arena_find(size);
    cr_py_newest_size = size;

    return cr_py_newest;
}


static void
cr_py_arena_free(void *ctx, void *p, size_t size)
{
    (void) munmap(p, size);
}


/*
 * The raw allocator is CPython's own but for what a refusal does: it is where
 * small objects end up, too, when there is no arena for them.
 */

static void *
cr_py_refused(size_t size)
{
    if (size <= CR_PY_SPARE_FOR && cr_py_spare != MAP_FAILED) {
        (void) munmap(cr_py_spare, CR_PY_SPARE);
        cr_py_spare = MAP_FAILED;
    }

    return NULL;
}


static void *
cr_py_raw_malloc(void *ctx, size_t size)
{
    void  *p;

    p = malloc(size ? size : 1);

    return p ? p : cr_py_refused(size);
}


static void *
cr_py_raw_calloc(void *ctx, size_t n, size_t size)
{
    void  *p;

    p = n && size ? calloc(n, size) : calloc(1, 1);

    return p ? p : cr_py_refused(n * size);
}


static void *
cr_py_raw_realloc(void *ctx, void *old, size_t size)
{
    void  *p;

    p = realloc(old, size ? size : 1);

    return p ? p : cr_py_refused(size);
}


static void
cr_py_raw_free(void *ctx, void *p)
{
    free(p);
}


/* Hidden from the compiler, which knows that a malloc() is not needed. */

static void
cr_py_heap_touch(size_t size)
{
    void  *p;

    p = malloc(size);
    __asm__ volatile("" : : "r" (p) : "memory");
    free(p);
}


/*
 * The C library's heap: grown once to more than a zygote needs, so that
 * the advice holds for all of it.  Its settings are those that the library
 * finds for itself in a program with large objects, which it no longer does
 * once any is given.
 */

static void
cr_py_heap_init(void)
{
    uintptr_t  start, end;

    start = (uintptr_t) sbrk(0);
    (void) sbrk((CR_PY_HUGE - start % CR_PY_HUGE) % CR_PY_HUGE);

    start = (uintptr_t) sbrk(0);

    (void) mallopt(M_MMAP_THRESHOLD, CR_PY_MMAP_SIZE);
    (void) mallopt(M_TOP_PAD, CR_PY_HEAP_STEP);

    cr_py_heap_touch(CR_PY_MMAP_SIZE / 2);

    end = (uintptr_t) sbrk(0);

    if (end > start) {
        (void) madvise((void *) start, end - start, MADV_HUGEPAGE);
    }
}


void
cr_py_arena_init(void)
{
    PyMemAllocatorEx        raw;
    PyObjectArenaAllocator  arena;

    arena.ctx = NULL;
    arena.alloc = cr_py_arena_alloc;
    arena.free = cr_py_arena_free;

    PyObject_SetArenaAllocator(&arena);

    raw.ctx = NULL;
    raw.malloc = cr_py_raw_malloc;
    raw.calloc = cr_py_raw_calloc;
    raw.realloc = cr_py_raw_realloc;
    raw.free = cr_py_raw_free;

    PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &raw);

    cr_py_heap_init();
}


/* Allocates, for good, until what comes lies behind all that was there. */

static void
cr_py_heap_fill(size_t size, const char *end)
{
    char *volatile  p;

    do {
        p = malloc(size);
    } while (p && p < end);
}


static void
cr_py_heap_settle(void)
{
    size_t       size;
    const char  *end;

    end = (char *) sbrk(0) - mallinfo2().keepcost;

    for (size = CR_PY_HEAP_LARGE; size > CR_PY_HEAP_SMALL; size /= 2) {
        cr_py_heap_fill(size, end);
    }

    for (size = CR_PY_HEAP_SMALL; size; size -= CR_PY_OBJECT_STEP) {
        cr_py_heap_fill(size, end);
    }
}


/*
 * Small objects go where there is room among those of their size, which after
 * a long warming is all over the memory: a cell would write to each huge page
 * of it, and at the first write to one the kernel takes it apart.  So the room
 * is filled, for good: what comes next lies side by side in a new arena.
 */

void
cr_py_arena_settle(void)
{
    char    *p, *old;
    size_t   size;

    old = cr_py_newest;

    do {
        p = PyObject_Malloc(CR_PY_OBJECT_MAX);
    } while (p && cr_py_newest == old);

    for (size = CR_PY_OBJECT_STEP;
         size <= CR_PY_OBJECT_MAX;
         size += CR_PY_OBJECT_STEP)
    {
        do {
            p = PyObject_Malloc(size);
        } while (p && (size_t) (p - cr_py_newest) >= cr_py_newest_size);
    }

    cr_py_heap_settle();
}


/* From here on the heap grows by little, and on small pages. */

void
cr_py_arena_warmed(void)
{
    uintptr_t  end, unused;

    /* What is left is memory that a limit of the address space does not see. */

    (void) mallopt(M_TOP_PAD, CR_PY_HEAP_LEFT);
    (void) mallopt(M_TRIM_THRESHOLD, CR_PY_HEAP_LEFT);
    cr_py_heap_touch(CR_PY_HEAP_TELL);

    (void) mallopt(M_TOP_PAD, CR_PY_HEAP_PAD);
    (void) mallopt(M_TRIM_THRESHOLD, 2 * CR_PY_HEAP_LEFT);

    end = (uintptr_t) sbrk(0);
    unused = end - mallinfo2().keepcost;
    unused = (unused + CR_PY_HUGE - 1) & ~(CR_PY_HUGE - 1);

    if (end > unused) {
        (void) madvise((void *) unused, end - unused, MADV_NOHUGEPAGE);
    }

    cr_py_spare = mmap(NULL, CR_PY_SPARE, PROT_NONE,
                       MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
    cr_py_warmed = 1;
}
