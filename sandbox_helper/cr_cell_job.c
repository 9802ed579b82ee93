
/*
 * What a cell does once it is confined: it waits for one job, has the runtime
 * do it, with its files there before and collected after, and says what it
 * came to.
 */

#define _GNU_SOURCE

#include "cr_zygote_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/syscall.h>


#define CR_CELL_PAGE  4096


static unsigned char  cr_cell_in[CR_FRAME_MAX];
static unsigned char  cr_cell_out[CR_FRAME_HEADER + CR_CLAIM_MAX];


static void
cr_cell_write(const unsigned char *p, size_t len)
{
    ssize_t  n;

    while (len) {
        n = write(CR_CELL_RESULT, p, len);

        if (n < 0) {
            if (errno == EINTR) {
                continue;
            }

            _exit(1);
        }

        p += n;
        len -= n;
    }
}


static void
cr_cell_send(uint8_t type, uint8_t flags, size_t len)
{
    cr_frame_t  frame;

    memset(&frame, 0, sizeof(frame));
    frame.type = type;
    frame.flags = flags;
    frame.length = (uint32_t) len;

    cr_frame_encode(cr_cell_out, &frame);
    cr_cell_write(cr_cell_out, CR_FRAME_HEADER + len);
}


static void
cr_cell_read(unsigned char *p, size_t len)
{
    ssize_t  n;

    while (len) {
        n = read(CR_CELL_JOB, p, len);

        if (n < 0 && errno == EINTR) {
            continue;
        }

        /* An end of file: the slot is given up, or the supervisor is gone. */

        if (n <= 0) {
            _exit(0);
        }

        p += n;
        len -= n;
    }
}


static void
cr_cell_receive(cr_handover_t *handover)
{
    cr_frame_t     frame;
    unsigned char  header[CR_FRAME_HEADER + CR_HANDOVER_SIZE];

    cr_cell_read(header, sizeof(header));

    if (cr_frame_decode(header, CR_FRAME_HEADER, &frame) != 1
        || frame.type != CR_MSG_JOB
        || frame.length != CR_HANDOVER_SIZE
        || cr_handover_unpack(header + CR_FRAME_HEADER, CR_HANDOVER_SIZE,
                              handover)
           != 0)
    {
        _exit(1);
    }
}


/*
 * The program: most fit where there is room already, what comes with large
 * files gets memory that can be given back.
 */

static void
cr_cell_program(size_t size, cr_program_t *program)
{
    unsigned char  *p;

    p = cr_cell_in;

    if (size > sizeof(cr_cell_in)) {
        p = mmap(NULL, size, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS,
                 -1, 0);
    }

    if (p == MAP_FAILED) {
        _exit(1);
    }

    cr_cell_read(p, size);

    if (cr_program_unpack(p, size, program) != 0) {
        _exit(1);
    }
}


/* What a file took is the job's own again: all pages that are its alone. */

static void
cr_cell_release(cr_bytes_t *content)
{
    uintptr_t  start, end;

    start = (uintptr_t) content->data;
    end = start + content->len;
    content->len = 0;

    if (start >= (uintptr_t) cr_cell_in
        && start < (uintptr_t) (cr_cell_in + sizeof(cr_cell_in)))
    {
        return;
    }

    start = (start + CR_CELL_PAGE - 1) & ~(uintptr_t) (CR_CELL_PAGE - 1);
    end &= ~(uintptr_t) (CR_CELL_PAGE - 1);

    if (end > start) {
        (void) munmap((void *) start, end - start);
    }
}


static void
cr_cell_fail(cr_claim_t *claim, const char *text)
{
    claim->exit_code = 1;
    claim->error_type.data = (const unsigned char *) "SandboxError";
    claim->error_type.len = sizeof("SandboxError") - 1;
    claim->error.data = (const unsigned char *) text;
    claim->error.len = strlen(text);
}


static int
cr_cell_folder(void)
{
    return open(CR_CELL_FOLDER, O_RDONLY|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC);
}


static int
cr_cell_place(const cr_kit_t *kit, cr_program_t *program, cr_claim_t *claim)
{
    int          dir, rc;
    uint16_t     i;
    cr_file_t   *file;
    static char  text[CR_FILE_NAME_MAX + 128];

    if (program->nfiles == 0) {
        return 0;
    }

    if (!kit->profile.write) {
        cr_cell_fail(claim, "the profile has no folder for files");
        return -1;
    }

    dir = cr_cell_folder();
    rc = 0;

    for (i = 0; i < program->nfiles && rc == 0; i++) {
        file = &program->files[i];
        rc = cr_files_place(dir, file);

        if (rc == 0) {
            cr_cell_release(&file->content);

        } else if (errno == ENOSPC || errno == EFBIG) {
            (void) snprintf(text, sizeof(text), CR_CELL_FOLDER " is full: it "
                            "has room for %llu KB, and not for all the files",
                            (unsigned long long) kit->profile.write / 1024);

        } else {
            (void) snprintf(text, sizeof(text), "cannot place the file "
                            "\"%.*s\": %s", (int) file->name.len,
                            (const char *) file->name.data, strerror(errno));
        }
    }

    (void) close(dir);

    if (rc != 0) {
        cr_cell_fail(claim, text);
    }

    return rc;
}


/*
 * The program has ended, but it may have left every descriptor in use: those
 * that are not the kit's make room.
 */

static void
cr_cell_collect(const cr_kit_t *kit, const cr_program_t *program)
{
    int  dir;

    if (program->artifact_max == 0 || !kit->profile.write) {
        return;
    }

    (void) syscall(SYS_close_range, CR_CELL_FDS, ~0U, 0);

    dir = cr_cell_folder();
    cr_files_collect(dir, program, CR_CELL_ARTIFACTS);
    (void) close(dir);
}


static void
cr_cell_cut(cr_bytes_t *bytes, size_t max)
{
    if (bytes->len > max) {
        bytes->len = max;
    }
}


static void
cr_cell_claim(cr_claim_t *claim)
{
    uint16_t  i;
    cr_put_t  put;

    cr_cell_cut(&claim->error_type, CR_ERROR_TYPE_MAX);
    cr_cell_cut(&claim->error, CR_ERROR_MAX);

    if (claim->nviolations > CR_VIOLATIONS_MAX) {
        claim->nviolations = CR_VIOLATIONS_MAX;
    }

    for (i = 0; i < claim->nviolations; i++) {
        cr_cell_cut(&claim->violations[i].message, CR_VIOLATION_TEXT_MAX);
    }

    cr_put_init(&put, cr_cell_out + CR_FRAME_HEADER, CR_CLAIM_MAX);
    cr_claim_pack(&put, claim);

    cr_cell_send(CR_MSG_CLAIM, claim->signal, cr_put_len(&put));
}


static void
cr_cell_run(const cr_kit_t *kit, const cr_handover_t *handover)
{
    cr_claim_t            claim;
    const cr_runtime_t   *runtime;
    static cr_program_t   program;
    void                (*run)(const cr_program_t *, cr_claim_t *);

    cr_cell_program(handover->program_size, &program);

    if (cr_limits_handover(handover->address_space, handover->timeout_ms)
        != 0)
    {
        _exit(1);
    }

    runtime = kit->runtime;
    run = program.kind == CR_PROGRAM_CHECK ? runtime->check
          : program.kind == CR_PROGRAM_ANALYZE ? runtime->analyze
          : program.kind == CR_PROGRAM_COMPILE ? runtime->compile
          : runtime->run;

    memset(&claim, 0, sizeof(claim));

    if (run == NULL) {
        cr_cell_fail(&claim, "the runtime cannot do this");

    } else if (cr_cell_place(kit, &program, &claim) == 0) {
        run(&program, &claim);
        cr_cell_collect(kit, &program);
    }

    cr_cell_claim(&claim);
}


void
cr_cell_unfit(const char *reason)
{
    size_t  len;

    len = strnlen(reason, CR_REASON_MAX);
    memcpy(cr_cell_out + CR_FRAME_HEADER, reason, len);

    cr_cell_send(CR_MSG_UNFIT, 0, len);
    _exit(1);
}


void
cr_cell_job(const cr_kit_t *kit)
{
    cr_handover_t  handover;

    cr_cell_send(CR_MSG_PARKED, 0, 0);
    cr_cell_receive(&handover);
    cr_cell_run(kit, &handover);

    /* The claim is out; the supervisor takes its measures and ends us. */

    cr_cell_read(cr_cell_in, sizeof(cr_cell_in));
    _exit(0);
}
