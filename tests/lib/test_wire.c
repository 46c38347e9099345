#include "tests/harness/check.h"
int main(void) { return 0; }
