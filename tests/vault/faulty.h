/*
 * faulty.h - disk calls that fail on demand, by standing in for libc's.
 *
 * Linking faulty.c puts our fsync, fdatasync, write, pwrite, ftruncate and
 * rename in front of libc's for the whole program, SQLite included.
 */
#ifndef TESTS_VAULT_FAULTY_H
#define TESTS_VAULT_FAULTY_H

enum faulty_kind {
	FAULTY_NONE = 0,
	FAULTY_SYNC = 1 << 0,  /* fsync, fdatasync */
	FAULTY_WRITE = 1 << 1, /* write, pwrite, ftruncate */
	FAULTY_RENAME = 1 << 2,
	FAULTY_ALL = 7
};

/* The number-th call (from 1) of these kinds fails with sys_errno, once, and
 * so do all after it when it_stays is not 0. number 0: none. */
void faulty_arm(unsigned int kinds, unsigned int number, int sys_errno,
		int it_stays);
/* Calls of these kinds since arming. */
unsigned int faulty_count(void);
/* Has a call failed since arming? */
int faulty_hit(void);

#endif
