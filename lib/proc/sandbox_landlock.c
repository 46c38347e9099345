#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/proc/sandbox_steps.h"

/* Rights that came after the first ABI; Debian's header knows some of them
 * only. A kernel refuses bits it does not know, so they are added by ABI. */
#define SANDBOX_FS_ABI_1     ((UINT64_C(1) << 13) - 1)
#define SANDBOX_FS_REFER     (UINT64_C(1) << 13) /* 2 */
#define SANDBOX_FS_TRUNCATE  (UINT64_C(1) << 14) /* 3 */
#define SANDBOX_FS_IOCTL_DEV (UINT64_C(1) << 15) /* 5 */
#define SANDBOX_NET_ALL      UINT64_C(3)         /* 4: bind, connect */
#define SANDBOX_SCOPE_ALL    UINT64_C(3) /* 6: abstract sockets, signals */

/* struct landlock_ruleset_attr of ABI 6; older kernels take its front. */
struct sandbox_rules {
	uint64_t fs;
	uint64_t net;
	uint64_t scope;
};

static size_t
landlock_rules(long abi, struct sandbox_rules *rules)
{
	*rules = (struct sandbox_rules){ .fs = SANDBOX_FS_ABI_1 };
	if (abi >= 2)
		rules->fs |= SANDBOX_FS_REFER;
	if (abi >= 3)
		rules->fs |= SANDBOX_FS_TRUNCATE;
	if (abi >= 5)
		rules->fs |= SANDBOX_FS_IOCTL_DEV;
	if (abi >= 4)
		rules->net = SANDBOX_NET_ALL;
	if (abi < 6)
		return abi < 4 ? offsetof(struct sandbox_rules, net)
			       : offsetof(struct sandbox_rules, scope);
	rules->scope = SANDBOX_SCOPE_ALL;
	return sizeof(*rules);
}

static enum status
landlock_allow_reading(int ruleset, const char *path, struct err *err)
{
	AUTO(fd_close) int fd = open(path, O_PATH | O_CLOEXEC);
	const struct landlock_path_beneath_attr below = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE |
				  LANDLOCK_ACCESS_FS_READ_DIR,
		.parent_fd = fd,
	};

	if (fd < 0 && errno == ENOENT)
		return ST_OK; /* what is not there need not be readable */
	if (fd < 0)
		return err_set_errno(err, "%s: cannot open", path);
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
		    &below, 0) != 0)
		return err_set_errno(err, "sandbox: landlock rule for %s",
				     path);
	return ST_OK;
}

/* The last step of every set of rules: from here on they hold. */
static enum status
landlock_restrict(int ruleset, struct err *err)
{
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		return err_set_errno(err, "sandbox: landlock not enforced");
	return ST_OK;
}

enum status
sandbox_landlock_copy(struct err *err)
{
	/* What may be opened stays as the template had it. */
	static const struct sandbox_rules rules = { .scope =
							    SANDBOX_SCOPE_ALL };
	AUTO(fd_close)
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules,
				   sizeof(rules), 0);

	if (ruleset >= 0)
		return landlock_restrict(ruleset, err);
	/* An old Landlock does not know the last member of the structure. */
	return errno == E2BIG || errno == EINVAL
		       ? ST_OK
		       : err_set_errno(err, "sandbox: no landlock rules");
}

enum status
sandbox_landlock(const char *const *readable, struct err *err)
{
	const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
				 LANDLOCK_CREATE_RULESET_VERSION);
	struct sandbox_rules rules;

	if (abi < 1)
		return err_set(err, ST_UNSUPPORTED,
			       "sandbox: this kernel has no Landlock");
	const size_t rules_bytes = landlock_rules(abi, &rules);
	AUTO(fd_close)
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules,
				   rules_bytes, 0);

	if (ruleset < 0)
		return err_set_errno(err, "sandbox: no landlock rules");
	for (size_t i = 0; readable != NULL && readable[i] != NULL; i++) {
		const enum status st =
			landlock_allow_reading(ruleset, readable[i], err);

		if (st != ST_OK)
			return st;
	}
	return landlock_restrict(ruleset, err);
}
