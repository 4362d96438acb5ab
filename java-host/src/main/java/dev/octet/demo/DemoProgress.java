package dev.octet.demo;

/** Told how far the demonstration is. */
public interface DemoProgress {
    /** Nobody looks. */
    DemoProgress NONE = (_, _) -> new Stage() {
        @Override
        public void step() {}

        @Override
        public void close() {}
    };

    /** A stage begins. */
    Stage begin(String what, int steps);

    /** A stage with a known number of steps. */
    interface Stage extends AutoCloseable {
        void step();

        @Override
        void close();
    }
}
