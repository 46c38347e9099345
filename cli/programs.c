#include "cli/programs.h"

const char *const program_names[PROGRAM_COUNT] = {
	"sekimori-vault", "sekimori-scanner", "sekimori-courier",
	"sekimori-desk",  "sekimori-milter",
};
