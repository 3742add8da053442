"""Which languages a message may be written in, told by the common words in it."""

from collections import Counter
from collections.abc import Mapping

from training.words import Text


def languages_of(text: Text, common: Mapping[str, frozenset[str]]) -> dict[str, frozenset[int]]:
    """Return the languages that the text may be in, each with its sentences' numbers.

    A language with more than half as many common words as the best may be that of the whole text;
    any other, of the sentences in which it has more of them than those have. Where nearly no word
    tells, it may be any.
    """
    everywhere = frozenset(text.sentences)
    counts = {
        language: Counter(
            sentence
            for word, sentence in zip(text.words, text.sentences, strict=True)
            if word in words
        )
        for language, words in common.items()
    }
    best = max(each.total() for each in counts.values())
    if best < 2:
        return dict.fromkeys(common, everywhere)
    main = [language for language, each in counts.items() if 2 * each.total() > best]
    found = dict.fromkeys(main, everywhere)
    for language in (each for each in common if each not in main):
        own = frozenset(
            sentence
            for sentence, count in counts[language].items()
            if count > max(counts[each][sentence] for each in main)
        )
        if own:
            found[language] = own
    return found
