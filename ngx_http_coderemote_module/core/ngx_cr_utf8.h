
/*
 * UTF-8 in what programs wrote, which may be anything.  What is not UTF-8 is
 * parted as browsers do it: U+FFFD for each maximal part that begins no
 * character (Unicode, chapter 3.9).
 */


#ifndef _NGX_CR_UTF8_H_INCLUDED_
#define _NGX_CR_UTF8_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* Bytes of the longest beginning of a character that is not a whole one. */
#define NGX_CR_UTF8_BEGINNING    3

/* Bytes that a replaced text may have for each of its own. */
#define NGX_CR_UTF8_REPLACEMENT  3


/* Answers the length of the part from p on that is UTF-8. */
size_t ngx_cr_utf8_valid(const u_char *p, const u_char *end);

/*
 * Copies to out, with what is not UTF-8 replaced, and answers the byte after
 * it.  With cut set an unfinished character at the end is left out.
 */
u_char *ngx_cr_utf8_replace(u_char *out, const u_char *p, const u_char *end,
    ngx_uint_t cut);

/*
 * Answers how many bytes at the end are the beginning of a character whose
 * rest may follow; the last bytes alone tell.
 */
size_t ngx_cr_utf8_beginning(const u_char *p, const u_char *end);


#endif /* _NGX_CR_UTF8_H_INCLUDED_ */
