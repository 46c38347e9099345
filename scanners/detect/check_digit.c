#include "scanners/detect/check_digit.h"

bool
check_digit_is_valid(const uint8_t digits[CHECK_DIGIT_COUNT])
{
	static const uint8_t weights[CHECK_DIGIT_COUNT - 1] = { 6, 5, 4, 3,
								2, 7, 6, 5,
								4, 3, 2 };
	unsigned sum = 0;

	for (unsigned i = 0; i < CHECK_DIGIT_COUNT - 1; i++)
		sum += (unsigned)digits[i] * weights[i];
	const unsigned rest = sum % 11;

	return digits[CHECK_DIGIT_COUNT - 1] == (rest <= 1 ? 0 : 11 - rest);
}
