// A list whose members somebody adds, changes and takes out: one group of fields each, and one way to add.
import type { ComponentChildren, JSX } from "preact";

export function Rows<T>(props: {
  items: readonly T[];
  blank: T;
  add: string;
  remove: (item: T) => string;
  onChange: (items: T[]) => void;
  children: (item: T, id: string, change: (item: T) => void) => ComponentChildren;
}): JSX.Element {
  const { items, onChange } = props;
  const put = (at: number, item: T): void => onChange(items.map((one, index) => (index === at ? item : one)));
  return (
    <>
      {items.map((item, index) => (
        <div key={index} class="al-group" role="group">
          {props.children(item, `row-${String(index)}`, (next) => put(index, next))}
          <button
            class="al-link-button"
            type="button"
            onClick={() => onChange(items.filter((_, at) => at !== index))}
          >
            {props.remove(item)}
          </button>
        </div>
      ))}
      <button class="al-button al-button--quiet" type="button" onClick={() => onChange([...items, props.blank])}>
        {props.add}
      </button>
    </>
  );
}
