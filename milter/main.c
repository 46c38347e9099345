/*
 * sekimori-milter - speaks the milter protocol with the MTA.
 *
 *	sekimori-milter --config FILE
 *	sekimori-milter --config FILE --policy-test --from A --to B [--to …]
 *			[--login L] [--client IP] FILE
 *	sekimori-milter --graph | --help | --version
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sysexits.h>
#include <unistd.h>

#include "milter/policy_test.h"
#include "milter/serve.h"
#include "milter/session/session.h"

struct options {
	bool policy_test;
	bool graph;
	bool help;
	bool version;
	size_t to_count;
	struct policy_test test; /* config_path also without a test */
};

static const char milter_usage[] =
	"usage: sekimori-milter --config FILE\n"
	"       sekimori-milter --config FILE --policy-test --from ADDRESS "
	"--to ADDRESS\n"
	"                       [--to ADDRESS ...] [--login NAME] [--client "
	"IP] MAIL\n"
	"       sekimori-milter --graph | --help | --version\n"
	"  --policy-test  which rule a mail would get, and why; see sekimori "
	"policy test\n"
	"  --graph        the states of a session, for Graphviz\n";

static int
misuse(const char *why)
{
	(void)fprintf(stderr, "sekimori-milter: %s\n%s", why, milter_usage);
	return EX_USAGE;
}

/* An option that needs no value. */
static bool
take_flag(struct options *options, const char *name)
{
	if (strcmp(name, "--policy-test") == 0)
		options->policy_test = true;
	else if (strcmp(name, "--graph") == 0)
		options->graph = true;
	else if (strcmp(name, "--help") == 0)
		options->help = true;
	else if (strcmp(name, "--version") == 0)
		options->version = true;
	else
		return false;
	return true;
}

static bool
take_value(struct options *options, const char *name, const char *value)
{
	struct policy_test *test = &options->test;

	if (strcmp(name, "--config") == 0)
		test->config_path = value;
	else if (strcmp(name, "--from") == 0)
		test->from = value;
	else if (strcmp(name, "--login") == 0)
		test->login = value;
	else if (strcmp(name, "--client") == 0)
		test->client = value;
	else if (strcmp(name, "--to") == 0 &&
		 options->to_count < POLICY_TEST_MAX_TO)
		test->to[options->to_count++] = value;
	else
		return false;
	return true;
}

/* NULL, or the argument that cannot be taken. */
static const char *
take_all(struct options *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (take_flag(options, argv[i]))
			continue;
		if (strncmp(argv[i], "--", 2) != 0) {
			if (options->test.file != NULL)
				return argv[i];
			options->test.file = argv[i];
			continue;
		}
		if (i + 1 == argc || !take_value(options, argv[i], argv[i + 1]))
			return argv[i];
		i++;
	}
	return NULL;
}

/* NULL, or what is missing. */
static const char *
find_missing(const struct options *options)
{
	if (options->graph || options->help || options->version)
		return NULL;
	if (options->test.config_path == NULL)
		return "--config is needed";
	if (options->policy_test != (options->test.file != NULL))
		return "--policy-test and a file go together";
	if (options->policy_test &&
	    (options->test.from == NULL || options->to_count == 0))
		return "--policy-test needs --from and --to";
	return NULL;
}

static int
print_graph(void)
{
	AUTO(sbuf_done) struct sbuf graph;

	sbuf_init(&graph, 65536);
	session_write_graph(&graph);
	(void)fputs(sbuf_text(&graph), stdout);
	return EX_OK;
}

/*
 * Start this program once more, without caches of malloc() for each thread:
 * freed pieces of mail would lie there as they are (serve.c has all others
 * overwritten), and the C library looks at this setting before main() only.
 * Returns: ST_OK it is off, or is set by who started us; ST_IO
 */
static enum status
start_without_caches(char **argv, struct err *err)
{
	static const char name[] = "GLIBC_TUNABLES";
	static const char tunable[] = "glibc.malloc.tcache_count";
	/* There is one thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	const char *before = getenv(name);
	AUTO(sbuf_done) struct sbuf tunables;
	char path[PATH_MAX] = "";

	/* With AT_SECURE it would be taken away again, and again. */
	if ((before != NULL && strstr(before, tunable) != NULL) ||
	    getauxval(AT_SECURE) != 0)
		return ST_OK;
	sbuf_init(&tunables, 65536);
	if (before != NULL && before[0] != '\0')
		sbuf_addf(&tunables, "%s:", before);
	sbuf_addf(&tunables, "%s=0", tunable);
	if (sbuf_status(&tunables, name, err) != ST_OK)
		return err->st;
	if (readlink("/proc/self/exe", path, sizeof(path) - 1) > 0 &&
	    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
	    setenv(name, sbuf_text(&tunables), 1) == 0)
		(void)execv(path, argv);
	return err_set_errno(err,
			     "cannot start itself without caches of memory "
			     "(is /proc there?); or start it with %s=%s=0",
			     name, tunable);
}

int
main(int argc, char **argv)
{
	struct options options = { .policy_test = false };
	AUTO(config_free) struct config *config = NULL;
	struct err err = { .st = ST_OK };
	const char *wrong = take_all(&options, argc, argv);

	if (wrong == NULL)
		wrong = find_missing(&options);
	if (wrong != NULL)
		return misuse(wrong);
	if (options.graph)
		return print_graph();
	if (options.help)
		return fputs(milter_usage, stdout) < 0 ? EX_IOERR : EX_OK;
	if (options.version) {
		(void)printf("sekimori-milter %s\n", SEKIMORI_VERSION);
		return EX_OK;
	}
	if (!options.policy_test && start_without_caches(argv, &err) != ST_OK) {
		(void)fprintf(stderr, "sekimori-milter: %s\n", err.text);
		return EX_OSERR;
	}
	if (config_load(options.test.config_path, &config, &err) != ST_OK) {
		(void)fprintf(stderr, "sekimori-milter: %s\n", err.text);
		return EX_CONFIG;
	}
	if (options.policy_test)
		return policy_test(&options.test, &config);
	return serve(&config, options.test.config_path);
}
