// Which words answer a search.

/**
 * Those with every word of the question in them: first where the name begins with it, then where the name has it.
 * @template {{ name: string, what: string, expect: string }} Card
 * @param {Card[]} cards
 * @param {string} asked
 * @returns {Card[]}
 */
export function matching(cards, asked) {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = (/** @type {Card} */ { name }) => {
    const at = words.length ? name.toLowerCase().indexOf(words[0]) : 0;
    return at === 0 ? 0 : at > 0 ? 1 : 2;
  };
  return cards
    .filter(({ name, what, expect }) => {
      const text = `${name} ${what} ${expect}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => rank(a) - rank(b));
}
