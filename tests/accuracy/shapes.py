"""Ways to write one number that need more than a template."""

import figures


def four(number, separator):
    return separator.join((number[:4], number[4:8], number[8:]))


def separators():
    """Every mark and space that detection must know between groups."""
    return figures.HYPHENS + figures.POINTS + figures.SPACES


def other_digits(rng, number):
    """Circled, kanji and mathematical digits."""
    table = rng.choice([figures.CIRCLED, figures.BLACK_CIRCLED,
                        figures.KANJI, figures.BOLD, figures.MONOSPACE])
    made = number.translate(table)
    if table in (figures.KANJI, figures.CIRCLED) and rng.random() < 0.3:
        return four(made, "　")
    return made


def with_unseen(rng, number):
    """Zero-width characters and soft hyphens, which no reader sees."""
    made = number if rng.random() < 0.5 else four(number, "-")
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(1, len(made) - 1)
        made = made[:at] + rng.choice(figures.UNSEEN) + made[at:]
    return made


def entities(rng, number):
    """Some digits as HTML character references."""
    return "".join(
        rng.choice([f"&#{ord(d)};", f"&#x{ord(d):x};"])
        if rng.random() < 0.5 else d for d in number)


def tagged(rng, number):
    """Inline tags between digits, as editors leave them."""
    at = sorted(rng.sample(range(1, 12), rng.randint(1, 3)))
    pieces = [number[a:b] for a, b in zip([0] + at, at + [12])]
    tag = rng.choice(["span", "b", "font", "u"])
    return "".join(f"<{tag}>{one}</{tag}>" for one in pieces)
