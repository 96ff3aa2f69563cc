import { PosternError } from '../../errors.js';

/** What one upload holds of the budget. `release` may be called twice. */
export interface HeldBytes {
  take(bytes: number): void;
  release(): void;
}

/** Bounds the bytes that all uploads in flight hold together, so that many at once cannot exhaust memory. */
export class UploadBudget {
  private used = 0;

  /** `capacity` in bytes. */
  constructor(private readonly capacity: number) {}

  open(): HeldBytes {
    let held = 0;
    return {
      take: (bytes) => {
        if (this.used + bytes > this.capacity) {
          throw new PosternError('scan.queue-full', 'Too many uploads at once; try again in a moment.');
        }
        this.used += bytes;
        held += bytes;
      },
      release: () => {
        this.used -= held;
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
