package dev.octet.report;

/** The result of one command. Component names of the records are the field names of the JSON. */
public sealed interface RunReport
        permits QuantizeReport,
                ProfileComparisonReport,
                StepsReport,
                EvalReport,
                CompareReport,
                BenchReport,
                InspectReport,
                DoctorReport,
                DemoReport,
                PeaksReport,
                LintReport,
                RooflineReport,
                ProfileReport {}
