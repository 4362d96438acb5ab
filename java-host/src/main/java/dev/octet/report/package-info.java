/**
 * What a command found out, as data and as pages. A {@link dev.octet.report.RunReport} is one command's result:
 * {@link dev.octet.report.QuantizeReport}, {@link dev.octet.report.EvalReport}, {@link dev.octet.report.CompareReport},
 * {@link dev.octet.report.BenchReport}, {@link dev.octet.report.InspectReport}, {@link dev.octet.report.DemoReport} or
 * {@link dev.octet.report.DoctorReport}. {@link dev.octet.report.ReportJson} gives each its JSON, whose field names are
 * the records' component names and stay stable; {@link dev.octet.report.MarkdownReport} and
 * {@link dev.octet.report.HtmlReport} draw a quantization for people, {@link dev.octet.report.ReportFiles} writes it.
 */
@NullMarked
package dev.octet.report;

import org.jspecify.annotations.NullMarked;
