/**
 * From sample data to ranges. {@link dev.octet.calib.CalibrationRun} sends every sample through the float graph twice:
 * first a {@link dev.octet.calib.RangeObserver} takes each tensor's exact minimum and maximum, then a
 * {@link dev.octet.calib.Histogram} counts its values on that now fixed range. Both are sums that may be split and
 * merged in any way, so batch size, order and partition of the data cannot change the result. A
 * {@link dev.octet.calib.Calibrator} (all of them: {@link dev.octet.calib.Calibrators}) turns each histogram into the
 * range to quantize over, and a {@link dev.octet.calib.RangeTable} keeps the ranges with where they came from.
 */
@NullMarked
package dev.octet.calib;

import org.jspecify.annotations.NullMarked;
