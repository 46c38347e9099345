#include "cli/desk_url.h"

#include <string.h>

bool
desk_url_host(const char *url, char host[DESK_URL_HOST_BYTES])
{
	static const char mark[] = "://";
	const char *begin = strstr(url, mark);
	size_t len_bytes = 0;

	if (begin == NULL)
		return false;
	begin += sizeof(mark) - 1;
	if (*begin == '[') {
		begin++;
		len_bytes = strcspn(begin, "]");
	} else {
		len_bytes = strcspn(begin, ":/");
	}
	if (len_bytes == 0 || len_bytes >= DESK_URL_HOST_BYTES)
		return false;
	memcpy(host, begin, len_bytes);
	host[len_bytes] = '\0';
	return true;
}
