// Direct labels at line ends: keep them apart with the least movement.

/**
 * Places for labels that want to sit at `wanted` pixels but need `gap` between them inside [low, high].
 * Neighbours that collide form a block around their common mean (pool adjacent violators), so nobody is
 * pushed further than the crowd requires. Returns the places in the order of `wanted`.
 */
export function spread(wanted, gap, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const blocks = [];
  for (const index of order) {
    blocks.push({ members: [index], start: wanted[index] });
    for (;;) {
      const last = blocks.at(-1);
      last.start = Math.max(low, Math.min(last.start, high - gap * (last.members.length - 1)));
      const before = blocks.at(-2);
      if (!before || before.start + gap * before.members.length <= last.start) break;
      blocks.pop();
      before.members.push(...last.members);
      const offsets = before.members.reduce((sum, member, rank) => sum + wanted[member] - rank * gap, 0);
      before.start = offsets / before.members.length;
    }
  }
  const places = new Array(wanted.length);
  for (const block of blocks) {
    block.members.forEach((member, rank) => {
      places[member] = block.start + rank * gap;
    });
  }
  return places;
}

/** Lists of indices whose x lie within `width` pixels of a neighbour: only those can collide. */
export function columns(xs, width) {
  const order = xs.map((_, i) => i).sort((a, b) => xs[a] - xs[b]);
  const groups = [];
  for (const index of order) {
    const group = groups.at(-1);
    if (group && xs[index] - xs[group.at(-1)] < width) group.push(index);
    else groups.push([index]);
  }
  return groups;
}
