/**
 * Sample data for calibration and judgement. {@link dev.octet.data.Datasets#open} looks at a path and makes a
 * {@link dev.octet.data.Dataset}: an {@link dev.octet.data.ImageFolder}, a {@link dev.octet.data.NumpyDataset}, numbered
 * {@code .npz} files ({@link dev.octet.data.NpzDataset}) or numbered folders of serialized tensors
 * ({@link dev.octet.data.TensorProtoDataset}). Samples are read when asked for and {@link dev.octet.data.Batches} joins
 * them; {@link dev.octet.data.DataOptions} says how images become tensors, how labels are shifted and which samples are
 * taken. Whatever is wrong with the files is a {@link dev.octet.tensor.InputException} that names the file.
 */
@NullMarked
package dev.octet.data;

import org.jspecify.annotations.NullMarked;
