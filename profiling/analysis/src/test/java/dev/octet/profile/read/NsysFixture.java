package dev.octet.profile.read;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Writes small exports of Nsight Systems in the documented schema. */
final class NsysFixture {
    private static final long PROCESS = 0x1000000L;

    private NsysFixture() {}

    static Path write(Path file, String... statements) throws SQLException {
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = database.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return file;
    }

    /** Two kernels in two ranges, a copy, a fill and a device; texts of ranges are numbers of the string table. */
    static Path newer(Path file) throws SQLException {
        long thread = 7 * PROCESS + 3;
        return write(
                file,
                "CREATE TABLE META_DATA_EXPORT (name TEXT, value TEXT)",
                "CREATE TABLE StringIds (id INTEGER PRIMARY KEY, value TEXT NOT NULL)",
                "INSERT INTO StringIds VALUES (1, 'octet_i16832_gemm_s8_128x128x64_tn'), (2, 'softmax_warp_forward'),"
                        + " (3, 'conv1'), (4, 'model')",
                "CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start INTEGER, end INTEGER, correlationId INTEGER, globalPid"
                        + " INTEGER, demangledName INTEGER, shortName INTEGER, gridX INTEGER)",
                "INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (1000, 1300, 1, " + 7 * PROCESS + ", 1, 1, 4), (1400,"
                        + " 1500, 2, " + 7 * PROCESS + ", 2, 2, 4), (2000, 2100, 3, " + 7 * PROCESS + ", 1, 1, 4)",
                "CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (start INTEGER, end INTEGER, globalTid INTEGER,"
                        + " correlationId INTEGER, nameId INTEGER)",
                "INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES (110, 120, " + thread + ", 1, 9), (210, 220, " + thread
                        + ", 2, 9), (130, 140, " + thread + ", 3, 9), (110, 120, " + (8 * PROCESS + 3) + ", 2, 9)",
                "CREATE TABLE NVTX_EVENTS (start INTEGER, end INTEGER, eventType INTEGER, text TEXT, textId INTEGER,"
                        + " globalTid INTEGER)",
                "INSERT INTO NVTX_EVENTS VALUES (100, 300, 59, NULL, 4, " + thread + "), (105, 150, 59, NULL, 3, "
                        + thread + "), (200, 250, 34, 'a mark', NULL, " + thread + ")",
                "CREATE TABLE CUPTI_ACTIVITY_KIND_MEMCPY (start INTEGER, end INTEGER, bytes INTEGER, copyKind INTEGER)",
                "INSERT INTO CUPTI_ACTIVITY_KIND_MEMCPY VALUES (10, 60, 4096, 1)",
                "CREATE TABLE CUPTI_ACTIVITY_KIND_MEMSET (start INTEGER, end INTEGER, bytes INTEGER)",
                "INSERT INTO CUPTI_ACTIVITY_KIND_MEMSET VALUES (60, 70, 4096)",
                "CREATE TABLE TARGET_INFO_GPU (name TEXT, computeMajor INTEGER, computeMinor INTEGER, smCount INTEGER,"
                        + " clockRate INTEGER, memoryBandwidth INTEGER, l2CacheSize INTEGER)",
                "INSERT INTO TARGET_INFO_GPU VALUES ('NVIDIA A100', 8, 0, 108, 1410000000, 1555000000000, 41943040)");
    }

    /** An export as the first versions wrote it: no device data, no ranges, no process numbers. */
    static Path older(Path file) throws SQLException {
        return write(
                file,
                "CREATE TABLE EXPORT_META_DATA (name TEXT, value TEXT)",
                "CREATE TABLE StringIds (id INTEGER PRIMARY KEY, value TEXT NOT NULL)",
                "INSERT INTO StringIds VALUES (5, 'volta_sgemm_128x64_nn')",
                "CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start INTEGER, end INTEGER, shortName INTEGER)",
                "INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (0, 40, 5), (50, 70, 5)");
    }

    /** Two processes that number two GPUs the other way round; calls are told apart by process. */
    static Path severalGpus(Path file) throws SQLException {
        long mine = 7 * PROCESS;
        long other = 8 * PROCESS;
        return write(
                file,
                "CREATE TABLE META_DATA_EXPORT (name TEXT, value TEXT)",
                "CREATE TABLE StringIds (id INTEGER PRIMARY KEY, value TEXT NOT NULL)",
                "INSERT INTO StringIds VALUES (1, 'nvjet_sm103_tst_128x256_64x6_2x1_2cta_v_bz_TNT'),"
                        + " (2, 'softmax_warp_forward')",
                "CREATE TABLE TARGET_INFO_GPU (id INTEGER, name TEXT, computeMajor INTEGER, computeMinor INTEGER)",
                "INSERT INTO TARGET_INFO_GPU VALUES (0, 'NVIDIA GB10', 12, 1), (1, 'NVIDIA B300', 10, 3)",
                "CREATE TABLE TARGET_INFO_CUDA_DEVICE (gpuId INTEGER, cudaId INTEGER, pid INTEGER)",
                "INSERT INTO TARGET_INFO_CUDA_DEVICE VALUES (1, 0, 7), (0, 0, 8)",
                "CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start INTEGER, end INTEGER, deviceId INTEGER, correlationId"
                        + " INTEGER, globalPid INTEGER, demangledName INTEGER, graphNodeId INTEGER)",
                "INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (100, 400, 0, 1, " + mine + ", 1, 5), (100, 170, 0, 1, "
                        + other + ", 2, NULL)",
                "CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (start INTEGER, end INTEGER, globalTid INTEGER,"
                        + " correlationId INTEGER)",
                "INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES (11, 12, " + (mine + 1) + ", 1), (11, 12, "
                        + (other + 1) + ", 1)",
                "CREATE TABLE NVTX_EVENTS (start INTEGER, end INTEGER, eventType INTEGER, text TEXT, globalTid"
                        + " INTEGER)",
                "INSERT INTO NVTX_EVENTS VALUES (10, 20, 59, 'mine', " + (mine + 1) + "), (10, 20, 59, 'other', "
                        + (other + 1) + ")");
    }
}
