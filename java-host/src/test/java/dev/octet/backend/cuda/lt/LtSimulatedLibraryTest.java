package dev.octet.backend.cuda.lt;

import org.junit.jupiter.api.Tag;

/** The simulated library is as strict as NVIDIA's. */
@Tag("cuda")
class LtSimulatedLibraryTest extends LtLibraryTest {}
