#include "cli/secret.h"

#include <fcntl.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"

/* One line of fd, byte by byte, so that what follows stays for the next
 * reader. stop: a byte that ends it, -1: none. */
static enum status
secret_read_line(int fd, int stop, struct sbuf *secret, struct err *err)
{
	char c = '\0';
	ssize_t n = 0;

	while ((n = read(fd, &c, 1)) == 1 && c != '\n') {
		if ((uint8_t)c == stop)
			return err_set(err, ST_END, "stopped");
		if (c != '\r')
			sbuf_add_byte(secret, (uint8_t)c);
	}
	if (n < 0)
		return err_set_errno(err, "cannot read the password");
	if (n == 0 && secret->len_bytes == 0)
		return err_set(err, ST_NOT_FOUND, "there is no password line");
	return sbuf_status(secret, "password", err);
}

static enum status
secret_read_terminal(const char *prompt, struct sbuf *secret, struct err *err)
{
	AUTO(fd_close) int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	struct termios was;
	struct termios silent;

	if (fd < 0 || tcgetattr(fd, &was) != 0)
		return err_set(err, ST_NOT_FOUND,
			       "there is no terminal to ask for a password");
	silent = was;
	/* Ctrl-C comes as a byte, which ends the line: killed, we would leave
	 * the terminal silent. */
	silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	silent.c_cc[VEOL] = was.c_cc[VINTR];
	if (tcsetattr(fd, TCSAFLUSH, &silent) != 0)
		return err_set_errno(err, "cannot switch the echo off");
	enum status st = fd_write_all(fd, span_of(prompt), err);

	if (st == ST_OK)
		st = secret_read_line(fd, was.c_cc[VINTR], secret, err);
	(void)tcsetattr(fd, TCSAFLUSH, &was);
	if (st == ST_OK)
		st = fd_write_all(fd, span_of("\n"), err);
	return st;
}

enum status
secret_read(enum secret_source source, const char *prompt, struct sbuf *secret,
	    struct err *err)
{
	if (source == SECRET_SOURCE_STDIN)
		return secret_read_line(STDIN_FILENO, -1, secret, err);
	return secret_read_terminal(prompt, secret, err);
}

enum status
secret_read_new(enum secret_source source, const char *prompt,
		struct sbuf *secret, struct err *err)
{
	AUTO(sbuf_done) struct sbuf again;
	enum status st = secret_read(source, prompt, secret, err);

	sbuf_init_secret(&again, SECRET_MAX_BYTES);
	if (st != ST_OK || source == SECRET_SOURCE_STDIN)
		return st;
	st = secret_read(source, "Once more: ", &again, err);
	if (st == ST_OK && !span_equal(sbuf_span(secret), sbuf_span(&again)))
		st = err_set(err, ST_FORMAT, "the two are not the same");
	return st;
}
