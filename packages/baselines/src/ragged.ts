/** Lists of whole numbers as two arrays: list i is `items[offsets[i] … offsets[i + 1])`. */
export function ragged(lists: readonly (readonly number[])[]): { offsets: Int32Array; items: Int32Array } {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => {
    offsets[i + 1] = offsets[i]! + list.length;
  });
  const items = new Int32Array(offsets[lists.length]!);
  lists.forEach((list, i) => {
    items.set(list, offsets[i]);
  });
  return { offsets, items };
}
