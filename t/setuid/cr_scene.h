
/*
 * What the files of cr_scene share: tricks that a caller plays before it
 * starts the helper.
 */


#ifndef _CR_SCENE_H_INCLUDED_
#define _CR_SCENE_H_INCLUDED_


typedef struct {
    const char   *name;
    void        (*set)(const char *value);
} cr_trick_t;


/* cr_scene_process.c: those that change what a process is to the kernel. */
extern const cr_trick_t  cr_process_tricks[];


/* cr_scene.c: ends with status 77, which is a skip. */
void cr_scene_die(const char *what) __attribute__((noreturn));
void cr_scene_move(int fd, int to);


#endif /* _CR_SCENE_H_INCLUDED_ */
