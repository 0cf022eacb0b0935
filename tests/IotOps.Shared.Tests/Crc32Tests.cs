using System.Runtime.Intrinsics.X86;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.TestKit;

namespace IotOps.Shared.Tests;

/// <summary>Each way against the bit-by-bit definition, which is written here once more.</summary>
public sealed class Crc32Tests
{
    private const string CheckInput = "123456789";
    private const uint CheckValue = 0xCBF43926;

    [Fact]
    public void The_check_value_of_the_standard_comes_out() =>
        Crc32.Append(0, Encoding.ASCII.GetBytes(CheckInput)).ShouldBe(CheckValue);

    [Fact]
    public void Every_way_that_this_processor_has_agrees_with_the_definition()
    {
        byte[] data = Content.Random(5_000);
        foreach (int length in Enumerable.Range(0, 600).Concat([1_023, 1_024, 1_025, 4_096, 4_999]))
        {
            ReadOnlySpan<byte> piece = data.AsSpan(1, length);
            uint expected = Definition(0x12345678, piece);
            SlicingCrc32.Append(0x12345678, piece).ShouldBe(expected);
            Crc32.Append(0x12345678, piece).ShouldBe(expected);
            if (Pclmulqdq.IsSupported && length >= FoldingCrc32.MinBytes)
            {
                FoldingCrc32.Append(0x12345678, piece).ShouldBe(expected);
            }

            if (WideFoldingCrc32.IsSupported && length >= WideFoldingCrc32.MinBytes)
            {
                WideFoldingCrc32.Append(0x12345678, piece).ShouldBe(expected);
            }

            if (System.Runtime.Intrinsics.Arm.Crc32.Arm64.IsSupported)
            {
                ArmCrc32.Append(0x12345678, piece).ShouldBe(expected);
            }
        }
    }

    [Fact]
    public void However_the_data_is_cut_the_pieces_combine_to_the_whole() =>
        Prop.ForAll(Arb.From(Gen.Zip(Gen.Choose(0, 3_000), Gen.Zip(Gen.Choose(0, 3_000), Gen.Choose(0, int.MaxValue)))), c =>
        {
            byte[] data = Content.Random(c.Item1 + c.Item2.Item1, c.Item2.Item2);
            uint first = Crc32.Append(0, data.AsSpan(0, c.Item1));
            uint second = Crc32.Append(0, data.AsSpan(c.Item1));
            Crc32.Combine(first, second, c.Item2.Item1).ShouldBe(Crc32.Append(0, data));
            Crc32.Append(first, data.AsSpan(c.Item1)).ShouldBe(Crc32.Append(0, data));
        }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1));

    [Fact]
    public void Zeros_by_the_terabyte_combine()
    {
        // Doubling by halves is another way to the same length.
        uint crc = Crc32.Append(0, new byte[1]);
        long length = 1;
        for (int i = 0; i < 40; i++)
        {
            crc = Crc32.Combine(crc, crc, length);
            length *= 2;
        }

        uint single = Crc32.Append(0, [0]);
        Crc32.Combine(crc, single, 1).ShouldBe(Crc32.Combine(single, crc, length));
    }

    private static uint Definition(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
