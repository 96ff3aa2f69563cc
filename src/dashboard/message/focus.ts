/** The finding whose evidence is shown. `reveal` counts up when its place should also be brought into view. */
export interface Focus {
  readonly finding: number | null;
  readonly reveal: number;
}
