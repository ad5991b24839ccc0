/** Work that takes a while, and that may be wanted again before it is done. */

/**
 * Does it one at a time: where it is wanted while it is under way, once more afterwards, however often it was wanted meanwhile.
 * So what began before a change is never the last word, and changes that come faster than answers do not call off each other.
 * @param {() => Promise<void>} work
 * @returns {() => Promise<void>} wants it; what it returns is done when nothing is wanted any more
 */
export function onceMore(work) {
  let isWanted = false;
  /** @type {Promise<void> | null} */
  let doing = null;

  async function whileWanted() {
    try {
      while (isWanted) {
        isWanted = false;
        await work();
      }
    } finally {
      doing = null;
    }
  }

  return () => {
    isWanted = true;
    doing ??= whileWanted();
    return doing;
  };
}
