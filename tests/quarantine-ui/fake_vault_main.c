/* fake_vault SOCKET [MIB]: the fake vault by itself, for tests/browser; ends
 * when standard input does. It names its cases, then its links with their
 * codes. In standard input: o, c: the password of the locked file did or did
 * not fit; s: the search goes on; r: the first link is revoked;
 * v: all visits end; k: did the last visitor show a certificate? */
#include <stdio.h>
#include <unistd.h>

#include "lib/base/parse.h"
#include "tests/quarantine-ui/fake_visits.h"

int
main(int argc, char **argv)
{
	struct fake_vault *vault = NULL;
	char text[CASE_ID_TEXT_BYTES];
	char code[LINK_CODE_TEXT_BYTES];
	char byte = 0;
	uint64_t mib = 0;

	if (argc == 3 && parse_u64(span_of(argv[2]), 4096, &mib))
		fake_visits_large(mib << 20);
	else if (argc != 2)
		return 64;
	vault = fake_vault_start(argv[1]);
	if (vault == NULL)
		return 1;
	for (size_t i = 0; i < FAKE_CASES; i++)
		(void)puts(fake_vault_case_text(vault, i, text));
	for (int i = 0; i < FAKE_LINKS; i++)
		(void)printf("/l/%s %s\n",
			     fake_link_id((enum fake_link)i, text),
			     fake_link_code((enum fake_link)i, code));
	(void)fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0) {
		if (byte == 'o')
			fake_vault_unlocked(vault, UNLOCK_STATE_OPENED);
		else if (byte == 'c')
			fake_vault_unlocked(vault, UNLOCK_STATE_CLOSED);
		else if (byte == 's')
			fake_vault_search(vault);
		else if (byte == 'r')
			fake_vault_end_link(vault, FAKE_LINK_READY);
		else if (byte == 'v')
			fake_vault_end_visits(vault);
		else if (byte == 'k') {
			(void)puts(fake_vault_certificate(vault) ? "shown"
								 : "none");
			(void)fflush(stdout);
		}
	}
	fake_vault_stop(&vault);
	return 0;
}
