package dev.octet.data;

import dev.octet.graph.Dim;
import dev.octet.graph.Names;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.DType;
import dev.octet.tensor.InputException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.List;

/** The one input of an image model, f32 [N, 3, height, width], and how an image becomes it. */
record ImageInput(String name, int height, int width) {
    /** Part of the resized short side that the centre crop keeps, as ImageNet models are judged. */
    private static final double CROP_SHARE = 0.875;

    private static final int MAX_EXTENT = 1 << 14;

    /**
     * Finds the input.
     *
     * @throws InputException if the model does not take images of a fixed size
     */
    static ImageInput of(List<ValueInfo> inputs) {
        if (inputs.size() != 1) {
            throw new InputException(
                    "images fit models with one input; this one has " + inputs.size() + ": use numbered .npz files");
        }
        ValueInfo input = inputs.get(0);
        List<Dim> dims = input.dims().orElse(List.of());
        if (input.dtype() != DType.F32
                || dims.size() != 4
                || !(dims.get(1) instanceof Dim.Known(long channels))
                || channels != RgbImage.CHANNELS) {
            throw unfit(input);
        }
        return new ImageInput(input.name(), extent(input, dims.get(2)), extent(input, dims.get(3)));
    }

    private static int extent(ValueInfo input, Dim dim) {
        if (dim instanceof Dim.Known(long size) && size >= 1 && size <= MAX_EXTENT) {
            return (int) size;
        }
        throw unfit(input);
    }

    private static InputException unfit(ValueInfo input) {
        return new InputException("images fit an input f32[N,3,height,width] of fixed size, but input \""
                + Names.escape(input.name()) + "\" is " + input.describeType() + ": use .npy or .npz files");
    }

    Tensor tensor(RgbImage image, DataOptions options) {
        RgbImage fitted = fit(image, options.resize());
        Tensor tensor = Tensor.allocate(DType.F32, Shape.of(1, RgbImage.CHANNELS, height, width));
        float[] table = new float[256];
        long at = 0;
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            for (int colour = 0; colour < table.length; colour++) {
                table[colour] = options.preprocess().apply(channel, colour);
            }
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    tensor.setFloat(at++, table[fitted.colour(x, y, channel)]);
                }
            }
        }
        return tensor;
    }

    /** The image, or its centre, at the input's size. */
    private RgbImage fit(RgbImage image, ResizeRule rule) {
        if (image.width() == width && image.height() == height) {
            return image;
        }
        return switch (rule) {
            case STRETCH -> BilinearResizer.resize(image, width, height);
            case CROP -> {
                long targetWidth = Math.round(width / CROP_SHARE);
                long targetHeight = Math.round(height / CROP_SHARE);
                boolean tall = image.height() * targetWidth >= image.width() * targetHeight;
                long newWidth = tall ? targetWidth : targetHeight * image.width() / image.height();
                long newHeight = tall ? targetWidth * image.height() / image.width() : targetHeight;
                yield BilinearResizer.resize(
                        image,
                        newWidth,
                        newHeight,
                        new BilinearResizer.Window(centre(newWidth, width), centre(newHeight, height), width, height));
            }
        };
    }

    private static long centre(long whole, int part) {
        return (long) Math.rint((whole - part) / 2.0);
    }
}
