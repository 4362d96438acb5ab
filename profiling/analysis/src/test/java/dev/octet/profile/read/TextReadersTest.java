package dev.octet.profile.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octet.profile.DeviceData;
import dev.octet.profile.DeviceTime;
import dev.octet.profile.KernelClass.Evidence;
import dev.octet.profile.KernelTotal;
import dev.octet.profile.KernelTotal.Durations;
import dev.octet.profile.KernelUnit;
import dev.octet.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextReadersTest {
    @TempDir
    private Path folder;

    private Profile read(String text) throws IOException {
        return ProfileFiles.read(Files.writeString(folder.resolve("profile"), text));
    }

    @Test
    void nsysCsv_logBeforeHeaderAndBareQuotes_areRead() throws IOException {
        Profile profile = read("""
                Generating SQLite file a.sqlite from a.nsys-rep
                Processing [a.sqlite] with [cuda_gpu_kern_sum.py]...

                Time (%),Total Time (us),Instances,Avg (us),Med (us),Min (us),Max (us),StdDev (us),Name
                75.0,1.5,3,0.5,0.4,0.3,0.8,0.1,"void k<int, float>(a, "odd"")"
                25.0,0.5,1,0.5,0.5,0.5,0.5,0.0,ampere_sgemm_128x64_tn

                Processing [a.sqlite] with [cuda_api_sum.py]...

                Time (%),Total Time (us),Num Calls,Avg (us),Med (us),Min (us),Max (us),StdDev (us),Name
                100.0,99.0,3,33.0,33.0,33.0,33.0,0.0,cudaLaunchKernel
                """);

        assertThat(profile.source()).isEqualTo(Profile.Source.NSYS_CSV);
        assertThat(profile.kernels())
                .extracting(KernelTotal::name)
                .containsExactly("void k<int, float>(a, \"odd\"\")", "ampere_sgemm_128x64_tn");
        assertThat(profile.kernels().getFirst().durations()).isEqualTo(new Durations(3, 1500, 300, 800, 400));
        assertThat(profile.totalNanos()).isEqualTo(2000);
    }

    @Test
    void nsysCsv_anyTimeUnit_isTheSameTime() throws IOException {
        for (String unit : new String[] {"ns:3000000", "us:3000", "ms:3", "s:0.003"}) {
            String[] parts = unit.split(":", 2);
            Profile profile = read("Time(%),Total Time (" + parts[0] + "),Instances,Name\n100," + parts[1] + ",1,k\n");

            assertThat(profile.totalNanos()).as(unit).isEqualTo(3_000_000);
        }
    }

    @Test
    void nsysCsv_rowCutOff_saysSo() {
        assertThatThrownBy(() -> read("Time (%),Total Time (ns),Instances,Name\n100,55"))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("truncated");
    }

    @Test
    void nsysCsv_firstVersions_haveOtherTitles() throws IOException {
        Profile profile = read("""
                Time(%),Total Time,Instances,Average,Minimum,Maximum,Name
                100.0,1200,3,400.0,300,500,volta_sgemm_128x64_nn
                """);

        assertThat(profile.kernels().getFirst().durations()).isEqualTo(new Durations(3, 1200, 300, 500, 400));
    }

    @Test
    void nsysCsv_kernelsByGrid_areSummed() throws IOException {
        Profile profile = read("""
                Time (%),Total Time (ns),Instances,Avg (ns),Med (ns),Min (ns),Max (ns),StdDev (ns),GridXYZ,BlockXYZ,Name
                60.0,600,2,300.0,300.0,200,400,0.0,  32    1    1,  256    1    1,"k<int, 2>(a)"
                40.0,400,1,400.0,400.0,400,400,0.0,  64    1    1,  256    1    1,"k<int, 2>(a)"
                """);

        assertThat(profile.kernels()).hasSize(1);
        assertThat(profile.kernels().getFirst().durations()).isEqualTo(new Durations(3, 1000, 200, 400, 333));
    }

    @Test
    void nsysCsv_kernelsCopiesAndCalls_countOnceAndWithoutCalls() throws IOException {
        Profile profile = read("""
                Time (%),Total Time (ns),Instances,Avg (ns),Med (ns),Min (ns),Max (ns),StdDev (ns),Category,Operation
                50.0,900,9,100.0,100.0,100,100,0.0,CUDA_API,cudaLaunchKernel
                30.0,500,5,100.0,100.0,100,100,0.0,CUDA_KERNEL,ampere_sgemm_128x64_tn
                20.0,400,4,100.0,100.0,100,100,0.0,MEMORY_OPER,[CUDA memcpy HtoD]

                Time (%),Total Time (ns),Instances,Avg (ns),Med (ns),Min (ns),Max (ns),StdDev (ns),Name
                100.0,500,5,100.0,100.0,100,100,0.0,ampere_sgemm_128x64_tn
                """);

        assertThat(profile.totalNanos()).isEqualTo(900);
        assertThat(profile.unitNanos(KernelUnit.COPY)).isEqualTo(400);
    }

    @Test
    void nsysCsv_launchesAndKernels_giveTheKernelsTime() throws IOException {
        Profile profile = read("""
                PID,TID,DevId,Count,QCount,TAvg (us),AAvg (us),QAvg (us),KAvg (us),KMed (us),KMin (us),KMax (us),API Name,Kernel Name
                7,7,0,4,4,9.0,2.0,3.0,4.0,4.5,1.0,6.0,cudaLaunchKernel,"void k<a, b>(c)"
                """);

        assertThat(profile.kernels().getFirst().name()).isEqualTo("void k<a, b>(c)");
        assertThat(profile.kernels().getFirst().durations()).isEqualTo(new Durations(4, 16_000, 1000, 6000, 4500));
    }

    @Test
    void nsysCsv_kernelsByRange_keepTheirRange() throws IOException {
        Profile profile = read("""
                NVTX Range,Style,PID,TID,NVTX Inst,Kern Inst,Total Time (ns),Avg (ns),Med (ns),Min (ns),Max (ns),StdDev (ns),Kernel Name
                :conv1,PushPop,7,7,1,2,300,150.0,150.0,100,200,0.0,ampere_int8_i16832gemm_int8_128x128_ldg16_nt
                """);

        assertThat(profile.kernels().getFirst().range()).contains(":conv1");
        assertThat(profile.unitNanos(KernelUnit.TENSOR)).isEqualTo(300);
    }

    @Test
    void ncuDetails_countersOverruleTheName() throws IOException {
        Profile profile = read("""
                ==PROF== Connected to process 1
                "ID","Kernel Name","CC","Section Name","Metric Name","Metric Unit","Metric Value"
                "0","my_kernel","8.0","","gpu__time_duration.sum","usecond","1,234.50"
                "0","my_kernel","8.0","","sm__inst_executed_pipe_tensor_op_imma.sum","inst","4,096"
                "1","ampere_h16816gemm_128x64_tn","8.0","","gpu__time_duration.sum","nsecond","500"
                "1","ampere_h16816gemm_128x64_tn","8.0","","sm__inst_executed_pipe_tensor.sum","inst","0"
                """);

        KernelTotal proved = profile.kernels().getFirst();
        assertThat(profile.source()).isEqualTo(Profile.Source.NCU_CSV);
        assertThat(proved.durations().totalNanos()).isEqualTo(1_234_500);
        assertThat(proved.kernelClass().unit()).isEqualTo(KernelUnit.TENSOR);
        assertThat(proved.kernelClass().evidence()).isEqualTo(Evidence.COUNTER);
        assertThat(proved.kernelClass().precision()).contains("INT8");
        KernelTotal disproved = profile.kernels().getLast();
        assertThat(disproved.kernelClass().unit()).isEqualTo(KernelUnit.CUDA);
        assertThat(disproved.kernelClass().evidence()).isEqualTo(Evidence.COUNTER);
    }

    @Test
    void ncuRaw_unitRow_isNoKernel() throws IOException {
        Profile profile = read("""
                "ID","Kernel Name","CC","gpu__time_duration.sum","sm__inst_executed_pipe_tensor_op_imma.sum"
                "","","","us","inst"
                "0","igemm, ""x"" y","9.0","2.5","0"
                "1","octet_igmma64x128x32_gemm_s8","9.0","1.5","0"
                """);

        assertThat(profile.kernels())
                .extracting(KernelTotal::name)
                .containsExactly("igemm, \"x\" y", "octet_igmma64x128x32_gemm_s8");
        assertThat(profile.totalNanos()).isEqualTo(4000);
        assertThat(profile.kernels().getLast().kernelClass().unit())
                .as("the imma counter does not see warp-group instructions on 9.0")
                .isEqualTo(KernelUnit.TENSOR);
    }

    @Test
    void ncuRaw_newerVersion_describesItsGpus() throws IOException {
        Profile profile = read("""
                "ID","Kernel Name","Device","CC","device__attribute_clock_rate","device__attribute_display_name","device__attribute_global_memory_bus_width","device__attribute_memory_clock_rate","device__attribute_multiprocessor_count","dram__bytes_read.sum","gpu__time_duration.sum","sm__inst_executed_pipe_tensor_op_imma.sum"
                "","","","","","","","","","Mbyte","us","inst"
                "0","ampere_h16816gemm_128x64_tn","0","10.3","1,965,000","NVIDIA B300","8,192","3,996,000","148","1.5","2.5","0"
                "1","k","1","12.1","1,965,000","NVIDIA GB10","256","4,000,000","48","2","1.0","0"
                """);

        assertThat(profile.devices())
                .extracting(DeviceTime::data)
                .containsExactly(
                        new DeviceData("NVIDIA B300", 103, 148, 1_965_000_000L, 8_183_808_000_000L, 0),
                        new DeviceData("NVIDIA GB10", 121, 48, 1_965_000_000L, 256_000_000_000L, 0));
        assertThat(profile.kernels().getFirst().counters()).containsEntry("dram__bytes_read.sum", 1.5e6);
        assertThat(profile.kernels().getFirst().kernelClass().unit())
                .as("one kind of instruction does not disprove another")
                .isEqualTo(KernelUnit.TENSOR);
    }

    @Test
    void ncuRaw_allKindsOfInstructionsZero_disproveTheName() throws IOException {
        Profile profile = read("""
                "ID","Kernel Name","CC","gpu__time_duration.sum","sm__inst_executed_pipe_tensor_op_hmma.sum","sm__inst_executed_pipe_tensor_op_imma.sum"
                "","","","us","inst","inst"
                "0","ampere_h16816gemm_128x64_tn","8.6","2.5","0","0"
                """);

        assertThat(profile.kernels().getFirst().kernelClass().unit()).isEqualTo(KernelUnit.CUDA);
    }
}
