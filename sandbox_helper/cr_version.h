
/*
 * The version of both halves.  debian/changelog says it, too, and the packages
 * are not built while it says another.
 */


#ifndef _CR_VERSION_H_INCLUDED_
#define _CR_VERSION_H_INCLUDED_


#define CR_VERSION  "1.0.0"


#endif /* _CR_VERSION_H_INCLUDED_ */
