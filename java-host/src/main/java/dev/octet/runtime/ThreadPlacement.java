package dev.octet.runtime;

/** Which processors threads run on. Safe to use from several threads. */
public interface ThreadPlacement {
    /** Leaves it to the operating system. */
    ThreadPlacement NONE = new ThreadPlacement() {
        @Override
        public int currentThread() {
            return 0;
        }

        @Override
        public int currentProcessor() {
            return -1;
        }

        @Override
        public void keepApart(int[] threads, int processor) {}
    };

    /** The calling thread's number. */
    int currentThread();

    /** The processor that the calling thread runs on now, or -1 where that is not known. */
    int currentProcessor();

    /** Divides the processors that the calling thread may use, but for {@code processor}, among threads given by number. */
    void keepApart(int[] threads, int processor);
}
