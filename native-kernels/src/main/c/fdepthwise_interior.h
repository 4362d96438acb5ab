/*
 * A walk along output positions whose 3 x 3 windows lie inside the input, for the float depthwise kernels. The file that
 * includes this includes taps.h first.
 */

enum { NINE = 9 };

/* Positions of an output line, from `first` on, whose windows lie inside; 0 where the window is not 3 x 3. */
static inline int64_t interior_run(const octet_window *w, const place *at, int64_t remaining) {
  int64_t iy = at->oy * w->stride_y - w->pad_y;
  int64_t ix = at->ox * w->stride_x - w->pad_x;
  int64_t room = w->in_width - 1 - ix - (w->kernel_width - 1) * w->dilation_x;
  if (w->kernel_height != 3 || w->kernel_width != 3 || iy < 0 || ix < 0 || room < 0 ||
      iy + (w->kernel_height - 1) * w->dilation_y >= w->in_height) {
    return 0;
  }
  return smaller(smaller(room / w->stride_x + 1, w->out_width - at->ox), remaining);
}
