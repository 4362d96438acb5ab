package dev.octet.profile.read;

import dev.octet.profile.DeviceData;
import dev.octet.profile.read.KernelTotals.Call;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The GPUs of an Nsight Systems export. A process numbers those it sees from 0, so that one GPU can have another number
 * in each process; newer exports tell which is which.
 */
final class NsysDevices {
    private static final String GPUS = "TARGET_INFO_GPU";
    private static final String SEEN = "TARGET_INFO_CUDA_DEVICE";

    private final SortedMap<Integer, DeviceData> described = new TreeMap<>();
    private final Map<Seen, Integer> seen = new HashMap<>();

    private record Seen(long process, int number) {}

    private NsysDevices() {}

    static NsysDevices read(NsysDatabase database) throws SQLException {
        NsysDevices devices = new NsysDevices();
        if (database.has(GPUS)) {
            devices.readGpus(database);
        }
        if (database.has(SEEN) && database.columns(SEEN).containsAll(Set.of("gpuId", "cudaId", "pid"))) {
            try (ResultSet rows = database.query("SELECT pid, cudaId, gpuId FROM " + SEEN)) {
                while (rows.next()) {
                    devices.seen.put(new Seen(rows.getLong(1), rows.getInt(2)), rows.getInt(3));
                }
            }
        }
        return devices;
    }

    private void readGpus(NsysDatabase database) throws SQLException {
        Set<String> columns = database.columns(GPUS);
        try (ResultSet row = database.query("SELECT * FROM " + GPUS)) {
            while (row.next()) {
                int id = columns.contains("id") ? row.getInt("id") : described.size();
                described.put(
                        id,
                        new DeviceData(
                                columns.contains("name") ? String.valueOf(row.getString("name")) : "unknown GPU",
                                (int) (10 * number(row, columns, "computeMajor")
                                        + number(row, columns, "computeMinor")),
                                (int) number(row, columns, "smCount"),
                                number(row, columns, "clockRate"),
                                number(row, columns, "memoryBandwidth"),
                                number(row, columns, "l2CacheSize")));
            }
        }
    }

    private static long number(ResultSet row, Set<String> columns, String name) throws SQLException {
        return columns.contains(name) ? row.getLong(name) : 0;
    }

    /** The GPUs that the file describes, by its own numbers. */
    SortedMap<Integer, DeviceData> described() {
        return described;
    }

    /**
     * The file's number of a row's GPU; {@link Call#NO_DEVICE} if it does not tell and has several.
     *
     * @param number as the process numbers it, or {@link Call#NO_DEVICE}
     */
    int number(long globalPid, int number) {
        if (number == Call.NO_DEVICE) {
            return described.size() == 1 ? described.firstKey() : Call.NO_DEVICE;
        }
        return seen.isEmpty()
                ? number
                : seen.getOrDefault(new Seen(globalPid / NsysDatabase.PROCESS % NsysDatabase.PROCESS, number), number);
    }
}
