
/*
 * The kernel's machine for seccomp filters, so that a filter can be asked
 * about a call that nobody makes.
 */


#ifndef _SECCOMP_MACHINE_H_INCLUDED_
#define _SECCOMP_MACHINE_H_INCLUDED_


#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <cmocka.h>


/* As far as libseccomp uses it. */

static uint32_t
run(const struct sock_fprog *prog, const struct seccomp_data *data)
{
    unsigned                   pc;
    uint32_t                   a;
    const struct sock_filter  *f;

    a = 0;

    for (pc = 0; pc < prog->len; pc++) {
        f = &prog->filter[pc];

        switch (f->code) {

        case BPF_LD|BPF_W|BPF_ABS:
            assert_true(f->k + 4 <= sizeof(*data));
            memcpy(&a, (const char *) data + f->k, 4);
            break;

        case BPF_ALU|BPF_AND|BPF_K:
            a &= f->k;
            break;

        case BPF_JMP|BPF_JA:
            pc += f->k;
            break;

        case BPF_JMP|BPF_JEQ|BPF_K:
            pc += a == f->k ? f->jt : f->jf;
            break;

        case BPF_JMP|BPF_JGE|BPF_K:
            pc += a >= f->k ? f->jt : f->jf;
            break;

        case BPF_JMP|BPF_JGT|BPF_K:
            pc += a > f->k ? f->jt : f->jf;
            break;

        case BPF_RET|BPF_K:
            return f->k;

        default:
            fail_msg("instruction %u has the code %#x", pc, f->code);
        }
    }

    fail_msg("the filter has no end");

    return 0;
}


static uint32_t
arch(void)
{
#if defined(__x86_64__)
    return AUDIT_ARCH_X86_64;
#else
    return AUDIT_ARCH_AARCH64;
#endif
}


#endif /* _SECCOMP_MACHINE_H_INCLUDED_ */
