import { PosternError } from '../../errors.js';

/** What one upload holds of the budget. `release` may be called twice. */
export interface HeldBytes {
  take(bytes: number): void;
  release(): void;
}

/**
 * Bounds the bytes that all uploads in flight hold together, so that many at once cannot exhaust memory. One holder, such as a
 * tenant, gets half of them at most: uploads that it leaves unfinished do not shut everybody else out.
 */
export class UploadBudget {
  private used = 0;
  private readonly byHolder = new Map<string, number>();

  /** Both in bytes; `share`: of one holder. */
  constructor(
    private readonly capacity: number,
    private readonly share = capacity / 2,
  ) {}

  open(holder: string): HeldBytes {
    let held = 0;
    return {
      take: (bytes) => {
        const theirs = (this.byHolder.get(holder) ?? 0) + bytes;
        if (this.used + bytes > this.capacity || theirs > this.share) {
          throw new PosternError('scan.queue-full', 'Too many uploads at once; try again in a moment.');
        }
        this.used += bytes;
        this.byHolder.set(holder, theirs);
        held += bytes;
      },
      release: () => {
        this.used -= held;
        const theirs = (this.byHolder.get(holder) ?? 0) - held;
        if (theirs > 0) this.byHolder.set(holder, theirs);
        else this.byHolder.delete(holder);
        held = 0;
      },
    };
  }
}

export interface UploadSetting {
  /** Bytes of one message. */
  readonly limit: number;
  /** What all uploads in flight hold together. */
  readonly budget: UploadBudget;
}
