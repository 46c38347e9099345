/*
 * noop_milter - the floor: a milter that receives every byte and accepts.
 * usage: noop_milter SOCKET
 *
 * It asks for no replies (SMFIP_NR_*), as ours does, and touches each body
 * byte once, so that the mail has really arrived.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <libmilter/mfapi.h>

static _Atomic uint64_t total;

static sfsistat
on_negotiate(SMFICTX *ctx, unsigned long f0, unsigned long f1, unsigned long f2,
	     unsigned long f3, unsigned long *p0, unsigned long *p1,
	     unsigned long *p2, unsigned long *p3)
{
	const unsigned long want = SMFIP_NR_HDR | SMFIP_NR_CONN |
				   SMFIP_NR_HELO | SMFIP_NR_MAIL |
				   SMFIP_NR_RCPT | SMFIP_NR_DATA |
				   SMFIP_NR_UNKN | SMFIP_NR_EOH | SMFIP_NR_BODY;

	(void)ctx;
	(void)f0;
	(void)f2;
	(void)f3;
	*p0 = 0;
	*p1 = want & f1;
	*p2 = 0;
	*p3 = 0;
	return SMFIS_CONTINUE;
}

static sfsistat
on_connect(SMFICTX *ctx, char *name, _SOCK_ADDR *address)
{
	(void)ctx;
	(void)name;
	(void)address;
	return SMFIS_NOREPLY;
}

static sfsistat
on_argument(SMFICTX *ctx, char *text)
{
	(void)ctx;
	(void)text;
	return SMFIS_NOREPLY;
}

static sfsistat
on_arguments(SMFICTX *ctx, char **texts)
{
	(void)ctx;
	(void)texts;
	return SMFIS_NOREPLY;
}

static sfsistat
on_step(SMFICTX *ctx)
{
	(void)ctx;
	return SMFIS_NOREPLY;
}

static sfsistat
on_header(SMFICTX *ctx, char *name, char *value)
{
	(void)ctx;
	total += strlen(name) + strlen(value);
	return SMFIS_NOREPLY;
}

static sfsistat
/* cppcheck-suppress constParameter ; libmilter wants it so */
on_body(SMFICTX *ctx, unsigned char *bytes, size_t len_bytes)
{
	uint64_t sum = 0;

	(void)ctx;
	for (size_t i = 0; i < len_bytes; i++)
		sum += bytes[i];
	total += sum;
	return SMFIS_NOREPLY;
}

static sfsistat
on_eom(SMFICTX *ctx)
{
	(void)ctx;
	return SMFIS_ACCEPT;
}

int
main(int argc, char **argv)
{
	struct smfiDesc description = {
		.xxfi_name = (char *)(uintptr_t) "noop",
		.xxfi_version = SMFI_VERSION,
		.xxfi_connect = on_connect,
		.xxfi_helo = on_argument,
		.xxfi_envfrom = on_arguments,
		.xxfi_envrcpt = on_arguments,
		.xxfi_header = on_header,
		.xxfi_eoh = on_step,
		.xxfi_body = on_body,
		.xxfi_eom = on_eom,
		.xxfi_data = on_step,
		.xxfi_negotiate = on_negotiate,
	};

	if (argc != 2 || smfi_setconn(argv[1]) == MI_FAILURE ||
	    smfi_register(description) == MI_FAILURE) {
		(void)fprintf(stderr, "usage: noop_milter SOCKET\n");
		return 64;
	}
	return smfi_main() == MI_SUCCESS ? 0 : 1;
}
