/** What reading one message may cost. */
export interface ReadLimits {
  /** Bytes of the raw message. */
  readonly messageBytes: number;
  /** UTF-16 code units of HTML that are tokenised. */
  readonly htmlLength: number;
  /** UTF-16 code units of a text body that are kept. */
  readonly textLength: number;
  readonly links: number;
  readonly attachments: number;
  /** Messages inside messages that are followed. */
  readonly nestedDepth: number;
  /** Messages inside, all levels together. */
  readonly nestedMessages: number;
}

export const READ_LIMITS: ReadLimits = {
  messageBytes: 50 * 1024 * 1024,
  htmlLength: 4 * 1024 * 1024,
  textLength: 4 * 1024 * 1024,
  links: 2000,
  attachments: 500,
  nestedDepth: 5,
  nestedMessages: 50,
};
