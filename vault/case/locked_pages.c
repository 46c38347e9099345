#include "vault/case/locked_pages.h"

#include <string.h>
#include <sys/mman.h>

void *
locked_pages_new(size_t len_bytes)
{
	void *pages = mmap(NULL, len_bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return NULL;
	if (madvise(pages, len_bytes, MADV_DONTDUMP) == 0 &&
	    mlock(pages, len_bytes) == 0)
		return pages;
	(void)munmap(pages, len_bytes);
	return NULL;
}

void
locked_pages_free(void *pages, size_t len_bytes)
{
	if (pages == NULL)
		return;
	explicit_bzero(pages, len_bytes);
	(void)munmap(pages, len_bytes);
}
