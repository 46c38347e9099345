/* RAR: its walk tells whether and how it is locked; it is not tried. */
#include "scanners/locks/lock_formats.h"
#include "scanners/readers/rar_walk.h"

static bool
rar_is(struct span object)
{
	struct rar_block block;

	return rar_first_block(object, &block);
}

static void
rar_done(void *state)
{
	(void)state;
}

static enum status
rar_find(struct lock *lock, struct span object, struct err *err)
{
	struct rar_block block;
	unsigned version = 0;
	size_t at = 0;

	(void)lock;
	while (rar_block_next(object, &at, &version, &block))
		if (block.type == RAR_LOCKED ||
		    (block.type == RAR_FILE && block.locked))
			return err_set(err, ST_UNSUPPORTED, "%s", block.lock);
	return ST_NOT_FOUND;
}

static enum status
rar_attempt(struct lock *lock, const struct span *passwords, size_t count,
	    size_t *index_out, struct err *err)
{
	(void)lock;
	(void)passwords;
	(void)count;
	(void)index_out;
	return err_set(err, ST_NOT_FOUND, "rar: not tried");
}

const struct lock_format lock_rar = {
	.is = rar_is,
	.find = rar_find,
	.attempt = rar_attempt,
	.done = rar_done,
};
