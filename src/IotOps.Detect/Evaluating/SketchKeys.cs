namespace IotOps.Detect.Evaluating;

/// <summary>
/// Values rounded to eight significant bits, as whole numbers in the same order: whole numbers up to 256 stay exact, others within 0.4 %. Rounding
/// each value, and not the ranks, gives the same percentile whatever is merged first.
/// </summary>
internal static class SketchKeys
{
    private const int DroppedBits = 45;
    private const long Half = 1L << (DroppedBits - 1);
    private const long Largest = 0x7FEF_FFFF_FFFF_FFFF >> DroppedBits;

    public static int Of(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        int key = (int)Math.Min((bits + Half) >> DroppedBits, Largest);
        return value < 0 ? -key : key;
    }

    public static double Value(int key)
    {
        double value = BitConverter.Int64BitsToDouble((long)Math.Abs(key) << DroppedBits);
        return key < 0 ? -value : value;
    }
}
