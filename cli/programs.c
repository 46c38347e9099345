#include "cli/programs.h"

const char *const program_names[PROGRAM_COUNT] = {
	"sekimori-vault", "sekimori-scanner", "sekimori-courier",
	"sekimori-desk",  "sekimori-milter",  "sekimori-portal",
};

size_t
programs_wanted(const struct config *config)
{
	return config->portal.listen[0] != '\0' ? PROGRAM_COUNT
						: PROGRAM_COUNT - 1;
}
